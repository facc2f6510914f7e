import { expect, test } from "vitest";
import { evidenceText } from "./evidence-text.ts";

test("[P7] the evidence has a line for each piece, with what the relay's own log can be compared with", () => {
  const text = evidenceText(
    {
      roomId: "aa",
      deviceId: "dd",
      genesis: "00",
      controlHead: null,
      epoch: 2,
      seq: 9,
      generations: [{ logGen: 1, fromSeq: 0 }, { logGen: 1_795_000_000, fromSeq: 7 }],
      acceptedGen: 1,
      fault: { type: "fork", seq: 10 },
      setBack: true,
      unsent: 1,
      lost: 2,
      kept: [{ fault: "lostControl", seq: 8, foundAt: 0, sizeBytes: 300, authorId: "ee", ctr: 4, action: "remove" }],
      quarantined: [{ envelopeId: "ff", deviceId: "ee", seq: 5, reason: "unreadable", sizeBytes: 256 }],
    },
    1000,
  );
  expect(text.split("\n")).toEqual([
    "time 1970-01-01T00:00:01.000Z",
    "room aa",
    "device dd",
    "genesis 00",
    "controlHead -",
    "verified through 9, epoch 2, accepted generation 1",
    "generations 1 from 0, 1795000000 from 7",
    "unsent 1, to be given back 2, set back yes",
    "fault fork at 10",
    "kept lostControl at 8, found 1970-01-01T00:00:00.000Z, 300 bytes, author ee, counter 4, remove",
    "set aside ff at 5, unreadable, 256 bytes, author ee",
  ]);
});
