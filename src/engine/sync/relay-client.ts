import * as z from "zod/mini";
import { type Bytes, concatBytes, fromBase64Url, toBase64Url } from "#protocol/bytes.ts";
import { limits } from "#protocol/limits.ts";
import {
  type Answer,
  ChallengeAnswer,
  ControlAnswer,
  CreateRoomAnswer,
  InviteState,
  type LiveListener,
  LivePresence,
  LiveRecord,
  type LogAnswer,
  PushAnswer,
  PushTokenAnswer,
  RecoveryAnswer,
  RefusalAnswer,
  type RelayPort,
  SessionAnswer,
  sessionHeader,
} from "#protocol/messages.ts";
import { decodePage, encodePush } from "#protocol/record.ts";
import type { Clock } from "../platform/clock.ts";
import { RelayUnreachableError } from "../platform/errors.ts";

/**
 * Nothing for this long, neither the head nor the next piece of the body, and the request is given up. The head cannot come before the request has gone
 * out, of whose progress nothing is told: until then there is the time that this takes on the slowest network besides.
 */
const silenceMs = 30_000;
/** However much still trickles in: an answer is bounded, and the slowest network that is of use has brought it by then. */
const requestMs = 5 * 60_000;
/** A stream begins with its head at once. What holds the head back will hold the records back too. */
const streamHeadMs = 10_000;
/** A stream that is silent for longer than two heartbeats is dead, whatever the network says. */
const streamSilenceMs = limits.streamHeartbeatMs * 2 + 5_000;
/** An invitation with every slot full, in base64url, is the largest; it is above what a request may hold. */
const jsonAnswerBytes = limits.jsonBytes * 2;
/** At least one envelope goes into a page, and each has its number and its length. */
const pageAnswerBytes = limits.pageBytes + limits.envelopeBytes + limits.pageEnvelopes * 12;
/** One envelope in base64url, and the words around it. */
const eventLength = Math.ceil(limits.envelopeBytes / 3) * 4 + 1024;

const Nothing = z.object({});

type Sending = Omit<RequestInit, "body"> & { body?: string | Bytes };

function sizeOf(body: string | Bytes | undefined): number {
  return typeof body === "string" ? body.length * 3 : (body?.length ?? 0);
}

/** How an answer is read once its status has said yes. */
type Reading<T> = { mediaType: string; maxBytes: number; read: (body: Bytes, headers: Headers) => T };

/**
 * The relay over HTTPS. Every request ends in bounded time with a bounded answer, whatever is at the other end.
 * @param baseUrl without a slash at the end
 */
export function createRelayClient(baseUrl: string, request: typeof fetch, clock: Clock): RelayPort {
  async function call<T>(path: string, init: Sending, reading: Reading<T>): Promise<Answer<T>> {
    const abort = new AbortController();
    const giveUp = () => abort.abort();
    const sendingMs = (sizeOf(init.body) / limits.slowestBytesPerSecond) * 1000;
    const cancelWhole = clock.after(sendingMs + requestMs, giveUp);
    let cancelSilence = clock.after(sendingMs + silenceMs, giveUp);
    try {
      const response = await request(`${baseUrl}/v1${path}`, { ...init, signal: abort.signal, cache: "no-store" });
      return await readAnswer(response, reading, () => {
        cancelSilence();
        cancelSilence = clock.after(silenceMs, giveUp);
      });
    } catch (cause) {
      // What is left of a body that makes no sense is not waited for.
      giveUp();
      throw cause instanceof RelayUnreachableError ? cause : new RelayUnreachableError("no answer", { cause });
    } finally {
      cancelWhole();
      cancelSilence();
    }
  }

  const json = <T extends z.ZodMiniType>(schema: T): Reading<z.output<T>> => ({
    mediaType: "application/json",
    maxBytes: jsonAnswerBytes,
    read: (body) => schema.parse(parseJson(body)),
  });
  const nothing: Reading<null> = {
    ...json(Nothing),
    read(body) {
      Nothing.parse(parseJson(body));
      return null;
    },
  };
  const bearer = (session: string) => ({ authorization: `Bearer ${session}` });
  const post = <T>(path: string, body: unknown, reading: Reading<T>, headers: Record<string, string> = {}) =>
    call(
      path,
      { method: "POST", headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) },
      reading,
    );
  const postBytes = <T>(path: string, body: Bytes, headers: Record<string, string>, reading: Reading<T>) =>
    call(path, { method: "POST", headers: { "content-type": "application/octet-stream", ...headers }, body }, reading);

  return {
    registerService: (body) => post("/services", body, nothing),
    createRoom(serviceToken, genesis, session = null) {
      const authorization = `Service ${toBase64Url(serviceToken)}`;
      return postBytes("/rooms", genesis, { authorization, ...(session !== null && { [sessionHeader]: session }) }, json(CreateRoomAnswer));
    },
    challenge: () => post("/challenge", {}, json(ChallengeAnswer)),
    openSession: (body) => post("/session", body, json(SessionAnswer)),
    pushToken: (session) => post("/push-token", {}, json(PushTokenAnswer), bearer(session)),
    push: (session, roomId, envelopes) =>
      postBytes(`/rooms/${roomId}/push`, encodePush(envelopes), bearer(session), json(PushAnswer)),
    repair: (session, roomId, envelopes) =>
      postBytes(`/rooms/${roomId}/repair`, encodePush(envelopes), bearer(session), json(PushAnswer)),
    control: (session, roomId, envelope) =>
      postBytes(`/rooms/${roomId}/control`, envelope, bearer(session), json(ControlAnswer)),
    presence: (session, roomId, envelope) => postBytes(`/rooms/${roomId}/presence`, envelope, bearer(session), nothing),
    log: (session, roomId, after, logGen) =>
      call(`/rooms/${roomId}/log?after=${after}&logGen=${logGen}`, { headers: bearer(session) }, pageReading),
    async live(session, listener) {
      const abort = new AbortController();
      const cancelHead = clock.after(streamHeadMs, () => abort.abort());
      let body: ReadableStream<Uint8Array>;
      try {
        const response = await request(`${baseUrl}/v1/live`, {
          headers: { ...bearer(session), accept: "text/event-stream" },
          signal: abort.signal,
          cache: "no-store",
        });
        if (!response.ok) {
          const refused = await readAnswer(response, nothing, () => {});
          if (!refused.ok) return refused;
        }
        if (response.body === null || !isMediaType(response, "text/event-stream")) throw new RelayUnreachableError("no stream");
        body = response.body;
      } catch (cause) {
        abort.abort();
        throw new RelayUnreachableError("no stream", { cause });
      } finally {
        cancelHead();
      }
      let closed = false;
      const end = () => {
        if (closed) return;
        closed = true;
        abort.abort();
        listener.ended();
      };
      void readEvents(body, clock, end, listener);
      return {
        ok: true,
        value: {
          close() {
            closed = true;
            abort.abort();
          },
        },
      };
    },
    createInvite: (session, body) => post("/invites", body, nothing, bearer(session)),
    readInvite: (inviteId) => call(`/invites/${inviteId}`, {}, json(InviteState)),
    writeInvite: (session, inviteId, body) =>
      post(`/invites/${inviteId}`, body, nothing, session === null ? {} : bearer(session)),
    putRecovery: (session, lookupId, body) => {
      const headers = { "content-type": "application/json", ...bearer(session) };
      return call(`/recovery/${lookupId}`, { method: "PUT", headers, body: JSON.stringify(body) }, nothing);
    },
    readRecovery: (lookupId) => call(`/recovery/${lookupId}`, {}, json(RecoveryAnswer)),
    dropRecovery: (session, lookupId) => call(`/recovery/${lookupId}`, { method: "DELETE", headers: bearer(session) }, nothing),
  };
}

const pageReading: Reading<LogAnswer> = {
  mediaType: "application/octet-stream",
  maxBytes: pageAnswerBytes,
  read(body, headers) {
    const page = decodePage(body);
    const headSeq = Number(headers.get("x-head-seq") ?? Number.NaN);
    const logGen = Number(headers.get("x-log-gen") ?? Number.NaN);
    if (page === null || !Number.isSafeInteger(headSeq) || !Number.isSafeInteger(logGen)) throw new RangeError("page");
    return { logGen, headSeq, page };
  },
};

function parseJson(body: Bytes): unknown {
  return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
}

/** A network that wants a login answers everything with a page of its own, and says that all is well. */
function isMediaType(response: Response, mediaType: string): boolean {
  return response.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() === mediaType;
}

/** @throws {RelayUnreachableError} when it is not one of the relay's answers */
async function readAnswer<T>(response: Response, reading: Reading<T>, heard: () => void): Promise<Answer<T>> {
  const { mediaType, maxBytes, read } = reading;
  if (!isMediaType(response, response.ok ? mediaType : "application/json")) {
    throw new RelayUnreachableError(`status ${response.status}, not the relay`);
  }
  try {
    const body = await readBody(response, response.ok ? maxBytes : jsonAnswerBytes, heard);
    if (response.ok) return { ok: true, value: read(body, response.headers) };
    return { ok: false, refusal: RefusalAnswer.parse(parseJson(body)).refusal };
  } catch (cause) {
    throw new RelayUnreachableError(`status ${response.status}, unreadable answer`, { cause });
  }
}

async function readBody(response: Response, maxBytes: number, heard: () => void): Promise<Bytes> {
  const reader = response.body?.getReader();
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  while (reader !== undefined) {
    heard();
    const { done, value } = await reader.read();
    if (done) break;
    sizeBytes += value.length;
    if (sizeBytes > maxBytes) throw new RangeError("answer too long");
    chunks.push(value);
  }
  return concatBytes(...chunks);
}

async function readEvents(
  body: ReadableStream<Uint8Array>,
  clock: Clock,
  end: () => void,
  listener: Pick<LiveListener, "record" | "presence">,
): Promise<void> {
  const decoder = new TextDecoder();
  let buffered = "";
  let cancelSilence = clock.after(streamSilenceMs, end);
  try {
    const reader = body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      cancelSilence();
      cancelSilence = clock.after(streamSilenceMs, end);
      buffered += decoder.decode(value, { stream: true });
      const events = buffered.split("\n\n");
      buffered = events.pop() ?? "";
      if (buffered.length > eventLength) throw new RangeError("event too long");
      for (const event of events) tellEvent(event, listener);
    }
  } catch {
    // A stream that breaks is over; what it would have carried is pulled at the next round.
  } finally {
    cancelSilence();
    end();
  }
}

/** What is no event of ours is passed over: a later relay may know of more. @throws when its data are no JSON */
function tellEvent(event: string, listener: Pick<LiveListener, "record" | "presence">): void {
  const lines = event.split("\n");
  const valueOf = (field: string) => lines.find((line) => line.startsWith(field))?.slice(field.length).trim();
  const [name, data] = [valueOf("event:"), valueOf("data:")];
  if (data === undefined) return;
  if (name === "presence") {
    const parsed = LivePresence.safeParse(JSON.parse(data));
    if (parsed.success) listener.presence(parsed.data.roomId, fromBase64Url(parsed.data.bytes));
  } else if (name === "record") {
    const parsed = LiveRecord.safeParse(JSON.parse(data));
    if (parsed.success) listener.record(parsed.data.roomId, parsed.data.seq, fromBase64Url(parsed.data.bytes));
  }
}
