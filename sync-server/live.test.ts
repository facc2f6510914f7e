import { expect, test } from "vitest";
import { limits } from "#protocol/limits.ts";
import { readMembership } from "#protocol/membership.ts";
import { createLiveStreams } from "./live.ts";

const roomId = "0a".repeat(16);
const session = { token: "t", rooms: new Map([[roomId, { deviceId: "0b".repeat(16), headSeq: 1 }]]), expiresAt: 1000 };
const device = { memberId: "0c".repeat(16), role: "consultant" as const, leaf: { sign: "", kem: "" } };
const devices = { ["0b".repeat(16)]: device, ["0e".repeat(16)]: device, ["0c".repeat(16)]: device };
const membership = readMembership({ roomKind: "school", serviceId: "0d".repeat(16), epoch: 1, commitment: "", controlHead: "", devices });
const numbered = (...seqs: number[]) => seqs.map((seq) => ({ seq, bytes: Uint8Array.of(seq) }));

function listen() {
  const heard: number[] = [];
  const streams = createLiveStreams(() => 0, () => undefined);
  const stream = streams.open(session, { record: (_roomId, seq) => void heard.push(seq), presence: () => undefined, ended: () => undefined });
  return { heard, streams, stream };
}

test("[R7] what catches up after something newer was heard is dropped, so that numbers only grow", () => {
  const { heard, streams, stream } = listen();
  streams.deliver(roomId, numbered(5), membership);
  stream.catchUp(roomId, numbered(4));
  streams.deliver(roomId, numbered(6), membership);
  expect(heard).toEqual([5, 6]);
});

test("[R7] what comes both ways is heard once", () => {
  const { heard, streams, stream } = listen();
  stream.catchUp(roomId, numbered(4));
  streams.deliver(roomId, numbered(4, 5), membership);
  expect(heard).toEqual([4, 5]);
});

test("[R7] a listener that closes itself at a record hears no more of the same delivery", () => {
  const heard: number[] = [];
  const streams = createLiveStreams(() => 0, () => undefined);
  const stream = streams.open(session, {
    record: (_roomId, seq) => {
      heard.push(seq);
      stream.close();
    },
    presence: () => undefined,
    ended: () => heard.push(-1),
  });
  streams.deliver(roomId, numbered(2, 3), membership);
  streams.close();
  expect(heard).toEqual([2]);
});

test("[R8] a session's stream beyond the bound ends its oldest, and another session's stays", () => {
  const streams = createLiveStreams(() => 0, () => undefined);
  const ended: string[] = [];
  const heard: string[] = [];
  const open = (name: string, of = session) =>
    streams.open(of, { record: () => void heard.push(name), presence: () => undefined, ended: () => void ended.push(name) });
  open("other", { ...session, token: "u" });
  const opened = Array.from({ length: limits.sessionStreams }, (_, index) => open(`${index}`));
  expect(ended).toEqual([]);
  open("newest");
  expect(ended).toEqual(["0"]);
  streams.deliver(roomId, numbered(2), membership);
  expect(heard).toEqual(["other", "1", "2", "3", "4", "newest"]);
  opened[2]?.close();
  open("after one that was left");
  expect(ended).toEqual(["0"]);
});

test("[N3] presence comes to the other devices' streams and leaves the records' numbers alone", () => {
  const streams = createLiveStreams(() => 0, () => undefined);
  const heard: string[] = [];
  const open = (name: string, deviceId: string) =>
    streams.open(
      { token: name, rooms: new Map([[roomId, { deviceId, headSeq: 1 }]]), expiresAt: 1000 },
      { record: (_roomId, seq) => void heard.push(`${name} ${seq}`), presence: (_roomId, bytes) => void heard.push(`${name} p${bytes[0]}`), ended: () => undefined },
    );
  const [author, other] = ["0b".repeat(16), "0c".repeat(16)];
  open("author", author);
  open("author's second tab", author);
  const leaving = open("other", other);
  streams.deliverPresence(roomId, author, Uint8Array.of(7), membership);
  streams.deliverPresence("0d".repeat(16), author, Uint8Array.of(8), membership);
  expect(heard.splice(0)).toEqual(["other p7"]);
  streams.deliver(roomId, numbered(2), membership);
  expect(heard.splice(0)).toEqual(["author 2", "author's second tab 2", "other 2"]);
  leaving.close();
  streams.deliverPresence(roomId, author, Uint8Array.of(9), membership);
  expect(heard).toEqual([]);
});
