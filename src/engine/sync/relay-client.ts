import type * as z from "zod/mini";
import { type Bytes, fromBase64Url, toBase64Url } from "#protocol/bytes.ts";
import { limits } from "#protocol/limits.ts";
import {
  type Answer,
  ChallengeAnswer,
  ControlAnswer,
  CreateRoomAnswer,
  InviteState,
  LiveRecord,
  PushAnswer,
  RefusalAnswer,
  type RelayPort,
  SessionAnswer,
} from "#protocol/messages.ts";
import { decodePage, encodePush } from "#protocol/record.ts";
import type { Clock } from "../platform/clock.ts";
import { RelayUnreachableError } from "../platform/errors.ts";

const requestMs = 30_000;
/** A stream that is silent for longer than two heartbeats is dead, whatever the network says. */
const streamSilenceMs = limits.streamHeartbeatMs * 2 + 5_000;

/**
 * The relay over HTTPS.
 * @param baseUrl without a slash at the end
 */
export function createRelayClient(baseUrl: string, request: typeof fetch, clock: Clock): RelayPort {
  async function call(path: string, init: RequestInit): Promise<Response> {
    const abort = new AbortController();
    const cancel = clock.after(requestMs, () => abort.abort());
    try {
      return await request(`${baseUrl}/v1${path}`, { ...init, signal: abort.signal, cache: "no-store" });
    } catch (cause) {
      throw new RelayUnreachableError("no answer", { cause });
    } finally {
      cancel();
    }
  }

  async function answer<T>(response: Response, read: (response: Response) => Promise<T>): Promise<Answer<T>> {
    try {
      if (response.ok) return { ok: true, value: await read(response) };
      const refusal = RefusalAnswer.safeParse(await response.json());
      if (refusal.success) return { ok: false, refusal: refusal.data.refusal };
    } catch (cause) {
      throw new RelayUnreachableError("unreadable answer", { cause });
    }
    throw new RelayUnreachableError(`status ${response.status}`);
  }

  const json =
    <T extends z.ZodMiniType>(schema: T) =>
    async (response: Response): Promise<z.output<T>> =>
      schema.parse(await response.json());
  const nothing = () => Promise.resolve(null);
  const bearer = (session: string) => ({ authorization: `Bearer ${session}` });
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    call(path, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  const postBytes = (path: string, body: Bytes, headers: Record<string, string>) =>
    call(path, { method: "POST", headers: { "content-type": "application/octet-stream", ...headers }, body });

  return {
    async registerService(body) {
      return answer(await post("/services", body), nothing);
    },
    async createRoom(serviceToken, genesis) {
      const authorization = `Service ${toBase64Url(serviceToken)}`;
      return answer(await postBytes("/rooms", genesis, { authorization }), json(CreateRoomAnswer));
    },
    async challenge() {
      return answer(await post("/challenge", {}), json(ChallengeAnswer));
    },
    async openSession(body) {
      return answer(await post("/session", body), json(SessionAnswer));
    },
    async push(session, roomId, envelopes) {
      return answer(await postBytes(`/rooms/${roomId}/push`, encodePush(envelopes), bearer(session)), json(PushAnswer));
    },
    async control(session, roomId, envelope) {
      return answer(await postBytes(`/rooms/${roomId}/control`, envelope, bearer(session)), json(ControlAnswer));
    },
    async log(session, roomId, after, logGen) {
      const path = `/rooms/${roomId}/log?after=${after}&logGen=${logGen}`;
      return answer(await call(path, { headers: bearer(session) }), async (response) => {
        const page = decodePage(new Uint8Array(await response.arrayBuffer()));
        const headSeq = Number(response.headers.get("x-head-seq"));
        const gen = Number(response.headers.get("x-log-gen"));
        if (page === null || !Number.isSafeInteger(headSeq) || !Number.isSafeInteger(gen)) throw new RangeError("page");
        return { logGen: gen, headSeq, page };
      });
    },
    async live(session, listener) {
      const abort = new AbortController();
      let response: Response;
      try {
        response = await request(`${baseUrl}/v1/live`, {
          headers: { ...bearer(session), accept: "text/event-stream" },
          signal: abort.signal,
          cache: "no-store",
        });
      } catch (cause) {
        throw new RelayUnreachableError("no stream", { cause });
      }
      if (!response.ok || response.body === null) {
        const refused = await answer(response, nothing);
        if (!refused.ok) return refused;
        throw new RelayUnreachableError("stream without a body");
      }
      let closed = false;
      const end = () => {
        if (closed) return;
        closed = true;
        abort.abort();
        listener.ended();
      };
      void readEvents(response.body, clock, end, (record) =>
        listener.record(record.roomId, record.seq, fromBase64Url(record.bytes)),
      );
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
    async createInvite(session, body) {
      return answer(await post("/invites", body, bearer(session)), nothing);
    },
    async readInvite(inviteId) {
      return answer(await call(`/invites/${inviteId}`, {}), json(InviteState));
    },
    async writeInvite(session, inviteId, body) {
      return answer(await post(`/invites/${inviteId}`, body, session === null ? {} : bearer(session)), nothing);
    },
  };
}

async function readEvents(
  body: ReadableStream<Uint8Array>,
  clock: Clock,
  end: () => void,
  record: (record: LiveRecord) => void,
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
      for (const event of events) {
        const line = event.split("\n").find((part) => part.startsWith("data:"));
        if (line === undefined) continue;
        const parsed = LiveRecord.safeParse(JSON.parse(line.slice("data:".length)));
        if (parsed.success) record(parsed.data);
      }
    }
  } catch {
    // A stream that breaks is over; what it would have carried is pulled at the next round.
  } finally {
    cancelSilence();
    end();
  }
}
