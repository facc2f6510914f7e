import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { getRequestListener, type HttpBindings } from "@hono/node-server";
import { Hono, type Context } from "hono";
import { routePath } from "hono/route";
import type { Logger } from "pino";
import * as z from "zod/mini";
import { concatBytes, fromBase64Url, type Bytes } from "#protocol/bytes.ts";
import { limits } from "#protocol/limits.ts";
import {
  CreateInviteRequest,
  InviteWriteRequest,
  RecoveryRequest,
  ServiceRequest,
  SessionRequest,
  type Answer,
  type Refusal,
  sessionHeader,
} from "#protocol/messages.ts";
import { decodePush, encodePage } from "#protocol/record.ts";
import { accept, refuse } from "./answers.ts";
import { createEventStreams } from "./event-streams.ts";
import { faultOf } from "./faults.ts";
import { createPace, type Patience } from "./pace.ts";
import { answerRefusal, headersOf, statusOf } from "./refusal-status.ts";
import type { Relay } from "./relay.ts";
import { kindOf, type RequestLimits } from "./request-limits.ts";
import { securityHeaders } from "./security-headers.ts";
import { serveApp } from "./static-app.ts";
import { noTally, type Tally } from "./tally.ts";

export type ServerOptions = {
  /** Closed by the server. */
  relay: Relay;
  log: Logger;
  /** The built app, or null to serve the API alone. */
  staticDir: string | null;
  /** How much one caller may ask; as much as they like if not given. */
  requestLimits?: RequestLimits;
  /** Whether the storage answers, for `GET /healthz`. */
  isHealthy?: () => Promise<boolean>;
  tally?: Tally;
  /** How slow one may be [R11]; the protocol's bounds if not given. */
  patience?: Patience;
};

export type RelayServer = {
  /** Resolves when requests are taken. Rejects with the system's error when the port cannot be had. */
  listen(port: number, host: string): Promise<AddressInfo>;
  /** Sends the streams' heartbeat; happens by itself every `limits.streamHeartbeatMs`. */
  beat(): void;
  /** How many live streams are open. */
  streams(): number;
  /** Takes no more requests, ends the streams, finishes what is in hand and cuts off what takes too long. May be called twice. */
  close(): Promise<void>;
};

const headersTimeoutMs = 10_000;
/** Longer than the minute that proxies keep a connection, so that they and not we close it. */
const keepAliveMs = 65_000;
const closingMs = 5_000;
/** When to come back for who has too much in hand already. */
const crowdMs = 5_000;
const sweepMs = 30_000;
/** A session's token is 43 letters; what is longer is none. */
const tokenLength = 64;
/** A token of a session and what browsers add are some hundred bytes. */
const headerBytes = 8 * 1024;
/** How often Node looks for connections that take too long over their headers, or have never asked anything. */
const connectionsCheckMs = 5_000;

const pushBodyBytes = limits.pushBytes + limits.pushEnvelopes * 4;
const defaultGraceMs = 30_000;
/** From the first byte to the last of a full push, on the slowest network. */
const requestTimeoutMs = defaultGraceMs + Math.ceil((pushBodyBytes / limits.slowestBytesPerSecond) * 1000);

/** What a request's handler leaves for what counts it. */
type Env = { Bindings: HttpBindings; Variables: { refused?: Refusal["type"] } };

const presenceRoute = "/v1/rooms/:roomId/presence";

const RoomId = z.string().check(z.regex(/^[0-9a-f]{32}$/));
const Digits = z.string().check(z.regex(/^\d{1,15}$/));

function credential(scheme: "Bearer" | "Service" | "Push", header: string | undefined): string {
  return header?.startsWith(`${scheme} `) === true ? header.slice(scheme.length + 1) : "";
}

function callerOf(requestLimits: RequestLimits, { socket, headers }: IncomingMessage): string {
  return requestLimits.callerOf(socket, headers["x-forwarded-for"]);
}

function sayRefusal(c: Context, refusal: Refusal): Response {
  c.set("refused", refusal.type);
  return c.json({ refusal }, statusOf(refusal), headersOf(refusal));
}

function say<T>(c: Context, answer: Answer<T>): Response {
  return answer.ok ? c.json(answer.value ?? {}) : sayRefusal(c, answer.refusal);
}

/** The request's body, read no further than its bound. */
async function bodyOf(c: Context, maxBytes: number): Promise<Answer<Bytes>> {
  const length = c.req.header("content-length");
  if (length !== undefined) {
    // Node ends a body at the length that was given, and reads it without a web stream between.
    return Number(length) > maxBytes ? refuse("tooLarge") : accept(new Uint8Array(await c.req.arrayBuffer()));
  }
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of c.req.raw.body ?? []) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) return refuse("tooLarge");
    chunks.push(chunk);
  }
  return accept(concatBytes(...chunks));
}

async function jsonOf<T>(c: Context, schema: z.ZodMiniType<T>, maxBytes: number = limits.jsonBytes): Promise<Answer<T>> {
  const body = await bodyOf(c, maxBytes);
  if (!body.ok) return body;
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body.value));
  } catch {
    return refuse("malformed");
  }
  const parsed = schema.safeParse(json);
  return parsed.success ? accept(parsed.data) : refuse("malformed");
}

function createApi(relay: Relay, tally: Tally, requestLimits: RequestLimits | undefined): Hono<Env> {
  const api = new Hono<Env>();
  const session = (c: Context) => credential("Bearer", c.req.header("authorization"));
  const pushToken = (c: Context) => credential("Push", c.req.header("authorization"));

  api.use(async (c, next) => {
    await next();
    c.res.headers.set("cache-control", "no-store");
  });

  api.post("/services", async (c) => {
    const request = await jsonOf(c, ServiceRequest);
    return say(c, request.ok ? await relay.registerService(request.value) : request);
  });

  api.post("/challenge", async (c) => say(c, await relay.challenge()));

  api.post("/session", async (c) => {
    const request = await jsonOf(c, SessionRequest);
    if (!request.ok) return say(c, request);
    const waitMs = requestLimits?.take("proof", callerOf(requestLimits, c.env.incoming), request.value.proofs.length) ?? 0;
    return waitMs > 0 ? sayRefusal(c, { type: "busy", retryAfterMs: waitMs }) : say(c, await relay.openSession(request.value));
  });

  api.post("/rooms", async (c) => {
    let token: Bytes;
    try {
      token = fromBase64Url(credential("Service", c.req.header("authorization")));
    } catch {
      return sayRefusal(c, { type: "malformed" });
    }
    const genesis = await bodyOf(c, limits.envelopeBytes);
    return say(c, genesis.ok ? await relay.createRoom(token, genesis.value, c.req.header(sessionHeader) ?? null) : genesis);
  });

  api.use("/rooms/:roomId/*", async (c, next) =>
    RoomId.safeParse(c.req.param("roomId")).success ? next() : sayRefusal(c, { type: "malformed" }),
  );

  // Before the first byte of these is read it is looked up whether the session, or the token, may send it. /services, /session, /rooms and
  // /invites/:inviteId are read of anybody: they are bounded by `jsonBytes` and `envelopeBytes`, and by the address [R14].
  const push = "/rooms/:roomId/push";
  const repair = "/rooms/:roomId/repair";
  const control = "/rooms/:roomId/control";
  const presence = "/rooms/:roomId/presence";
  const admit = (c: Context, path: string): Promise<Answer<null>> => {
    const roomId = c.req.param("roomId") ?? null;
    if (roomId === null) return relay.admits(session(c), null);
    if (path === push && pushToken(c) !== "") return relay.admitsPush(pushToken(c), roomId);
    // Who was removed may have what others have lost.
    return path === repair ? relay.admits(session(c), roomId) : relay.admitsMember(session(c), roomId);
  };
  for (const path of [push, repair, control, presence, "/invites", "/push-token"]) {
    api.use(path, async (c, next) => {
      const admitted = await admit(c, path);
      return admitted.ok ? next() : sayRefusal(c, admitted.refusal);
    });
  }

  const give = (c: Context, roomId: string, envelopes: Bytes[]) =>
    pushToken(c) === "" ? relay.push(session(c), roomId, envelopes) : relay.pushByToken(pushToken(c), roomId, envelopes);
  const giveBack = (c: Context, roomId: string, envelopes: Bytes[]) => relay.repair(session(c), roomId, envelopes);
  for (const [path, take] of [[push, give], [repair, giveBack]] as const) {
    api.post(path, async (c) => {
      const body = await bodyOf(c, pushBodyBytes);
      if (!body.ok) return sayRefusal(c, body.refusal);
      const envelopes = decodePush(body.value);
      if (envelopes === null) return sayRefusal(c, { type: "malformed" });
      const answer = await take(c, c.req.param("roomId"), envelopes);
      if (answer.ok && answer.value.seqs.length > 0) tally.pushed(answer.value.seqs.length, body.value.length);
      if (answer.ok && answer.value.refused !== null) tally.refused(answer.value.refused.type);
      return say(c, answer);
    });
  }

  api.post("/push-token", async (c) => say(c, await relay.pushToken(session(c))));

  api.post(control, async (c) => {
    const envelope = await bodyOf(c, limits.envelopeBytes);
    if (!envelope.ok) return sayRefusal(c, envelope.refusal);
    const answer = await relay.control(session(c), c.req.param("roomId"), envelope.value);
    if (answer.ok) tally.pushed(1, envelope.value.length);
    return say(c, answer);
  });

  api.post(presence, async (c) => {
    const envelope = await bodyOf(c, limits.presenceBytes);
    return say(c, envelope.ok ? await relay.presence(session(c), c.req.param("roomId"), envelope.value) : envelope);
  });

  api.get("/rooms/:roomId/log", async (c) => {
    const [after, logGen] = [Digits.safeParse(c.req.query("after")), Digits.safeParse(c.req.query("logGen"))];
    if (!after.success || !logGen.success) return sayRefusal(c, { type: "malformed" });
    const answer = await relay.log(session(c), c.req.param("roomId"), Number(after.data), Number(logGen.data));
    if (!answer.ok) return sayRefusal(c, answer.refusal);
    const { page, headSeq, logGen: generation } = answer.value;
    const body = encodePage(page);
    tally.sent(body.length);
    return c.body(body, 200, {
      "content-type": "application/octet-stream",
      "x-log-gen": String(generation),
      "x-head-seq": String(headSeq),
    });
  });

  api.post("/invites", async (c) => {
    const request = await jsonOf(c, CreateInviteRequest);
    return say(c, request.ok ? await relay.createInvite(session(c), request.value) : request);
  });

  api.use("/invites/:inviteId", async (c, next) =>
    RoomId.safeParse(c.req.param("inviteId")).success ? next() : sayRefusal(c, { type: "inviteUnknown" }),
  );

  api.get("/invites/:inviteId", async (c) => say(c, await relay.readInvite(c.req.param("inviteId"))));

  api.post("/invites/:inviteId", async (c) => {
    const request = await jsonOf(c, InviteWriteRequest);
    const token = session(c);
    return say(c, request.ok ? await relay.writeInvite(token === "" ? null : token, c.req.param("inviteId"), request.value) : request);
  });

  const recovery = "/recovery/:lookupId";
  api.use(recovery, async (c, next) => (RoomId.safeParse(c.req.param("lookupId")).success ? next() : sayRefusal(c, { type: "codeUnknown" })));

  api.get(recovery, async (c) => say(c, await relay.readRecovery(c.req.param("lookupId"))));

  api.put(recovery, async (c) => {
    const admitted = await relay.admits(session(c), null);
    if (!admitted.ok) return sayRefusal(c, admitted.refusal);
    const request = await jsonOf(c, RecoveryRequest, limits.recoveryBytes * 2);
    return say(c, request.ok ? await relay.putRecovery(session(c), c.req.param("lookupId"), request.value) : request);
  });

  api.delete(recovery, async (c) => say(c, await relay.dropRecovery(session(c), c.req.param("lookupId"))));

  api.all("*", (c) => sayRefusal(c, { type: "malformed" }));
  return api;
}

function createApp({ relay, log, staticDir, isHealthy = async () => true, tally = noTally, requestLimits }: ServerOptions): Hono<Env> {
  const app = new Hono<Env>();

  app.use(async (c, next) => {
    const startedAt = performance.now();
    await next();
    const refused = c.get("refused");
    if (refused !== undefined) tally.refused(refused);
    for (const [name, value] of Object.entries(securityHeaders)) c.res.headers.set(name, value);
    // The pattern and not the path: an invitation's id is half of its secret, and a look-up id says who has used a recovery code.
    const entry = {
      method: c.req.method,
      route: routePath(c),
      roomId: c.req.param("roomId"),
      status: c.res.status,
      bytesIn: Number(c.req.header("content-length") ?? 0),
      ms: Math.round((performance.now() - startedAt) * 100) / 100,
    };
    // Line by line it would tell for good when a person typed. SPEC.md [N3].
    if (c.res.ok && entry.route === presenceRoute) return;
    if (c.req.path.startsWith("/v1/")) log.info(entry, "request");
    else log.debug(entry, "request");
  });

  app.onError((error, c) => {
    log.error({ method: c.req.method, route: routePath(c), ...faultOf(error) }, "request failed");
    return sayRefusal(c, { type: "busy", retryAfterMs: 2000 });
  });

  app.get("/healthz", async (c) => {
    const ok = await isHealthy();
    return c.text(ok ? "ok" : "the storage does not answer", ok ? 200 : 503, { "cache-control": "no-store" });
  });

  app.route("/v1", createApi(relay, tally, requestLimits));

  if (staticDir !== null) app.get("*", serveApp(staticDir));
  app.notFound((c) => c.text("not found", 404, { "cache-control": "no-store" }));
  return app;
}

/** The relay over HTTP, and the app's files beside it. The table of requests is in README.md. */
export function createRelayServer(options: ServerOptions): RelayServer {
  const { relay, log, requestLimits, tally = noTally, patience = { graceMs: defaultGraceMs, bytesPerSecond: limits.slowestBytesPerSecond } } = options;
  const answerRequest = getRequestListener(createApp(options).fetch, { overrideGlobalObjects: false });
  const streams = createEventStreams(relay, tally);
  const pace = createPace(patience, () => tally.cutOff("slow"));

  const serveStream = async (request: IncomingMessage, response: ServerResponse) => {
    const startedAt = performance.now();
    response.once("close", () =>
      log.info({ route: "/v1/live", status: response.statusCode, streams: streams.count(), ms: Math.round(performance.now() - startedAt) }, "stream over"),
    );
    try {
      await streams.serve(credential("Bearer", request.headers.authorization), request, response);
    } catch (error) {
      log.error({ route: "/v1/live", ...faultOf(error) }, "stream failed");
      response.destroy();
    }
  };

  /** Why this request is not to be looked at now, or null; then it is in hand until its answer is over. */
  const stop = (request: IncomingMessage, response: ServerResponse, path: string): Refusal | null => {
    if (requestLimits === undefined) return null;
    const caller = callerOf(requestLimits, request);
    const kind = kindOf(path);
    const token = credential("Bearer", request.headers.authorization) || credential("Push", request.headers.authorization);
    let waitMs = requestLimits.take(kind, caller);
    // Whether there is such a session is asked later; tokens that are made up are as many as the address may ask for.
    if (waitMs === 0 && token !== "" && token.length <= tokenLength) waitMs = requestLimits.takeForSession(kind, token);
    if (waitMs > 0) return { type: "busy", retryAfterMs: waitMs };
    if (!requestLimits.enter(caller)) return { type: "busy", retryAfterMs: crowdMs };
    response.once("close", () => requestLimits.leave(caller));
    return null;
  };

  // A browser opens connections ahead. One that has not asked anything yet is not idle to Node, and would keep the server from closing.
  const unused = new Set<Socket>();
  const server = createServer(
    {
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      keepAliveTimeout: keepAliveMs,
      connectionsCheckingInterval: connectionsCheckMs,
      maxHeaderSize: headerBytes,
    },
    (request, response) => {
      unused.delete(request.socket);
      const path = request.url?.split("?")[0] ?? "";
      const stopped = stop(request, response, path);
      if (stopped !== null) {
        tally.refused(stopped.type);
        // Nothing more of it is read, whatever it brings.
        answerRefusal(response, stopped, { connection: "close" });
        return;
      }
      if (request.method === "GET" && path === "/v1/live") {
        void serveStream(request, response);
        return;
      }
      pace.watch(request.socket, response);
      void answerRequest(request, response);
    },
  );

  server.on("connection", (socket) => {
    if (requestLimits?.isDirect === true) {
      const caller = requestLimits.callerOf(socket, undefined);
      if (!requestLimits.connect(caller)) {
        tally.cutOff("crowd");
        socket.destroy();
        return;
      }
      socket.once("close", () => requestLimits.disconnect(caller));
    }
    unused.add(socket);
    socket.once("close", () => unused.delete(socket));
  });

  const timers = [
    setInterval(() => streams.beat(), limits.streamHeartbeatMs).unref(),
    setInterval(() => {
      requestLimits?.sweep();
      void relay.sweep();
    }, sweepMs).unref(),
    setInterval(() => pace.check(), Math.min(patience.graceMs, connectionsCheckMs)).unref(),
  ];

  const closeAll = async (): Promise<void> => {
    timers.forEach((timer) => clearInterval(timer));
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    for (const socket of unused) socket.destroy();
    await relay.close();
    // A connection that was busy when the server closed is kept alive after its answer if nobody closes it.
    const closingIdle = setInterval(() => server.closeIdleConnections(), 50);
    const patience = setTimeout(() => server.closeAllConnections(), closingMs);
    await closed;
    clearInterval(closingIdle);
    clearTimeout(patience);
    // What was in hand when the relay closed may have written since.
    await relay.close();
  };
  let closing: Promise<void> | null = null;

  return {
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, host, () => {
          server.off("error", reject);
          resolve(server.address() as AddressInfo);
        });
      }),
    beat: () => streams.beat(),
    streams: () => streams.count(),
    close: () => (closing ??= closeAll()),
  };
}
