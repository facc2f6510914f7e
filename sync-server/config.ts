import * as z from "zod/mini";
import type { Quotas } from "./quota.ts";

const whole = (most: number) =>
  z.pipe(
    z.string().check(z.regex(/^\d{1,15}$/, "must be a whole number")),
    z.pipe(z.transform(Number), z.number().check(z.maximum(most, `must be at most ${most}`))),
  );

/** 0 is no bound. */
const bytesOf = (megabytes: number) => (megabytes === 0 ? Number.POSITIVE_INFINITY : megabytes * 1024 * 1024);

const most = 1_000_000_000;

/** Refused without being shown: there may be a password in it. */
const databaseUrl = z.string().check(
  z.refine((text) => {
    const url = URL.parse(text);
    return url !== null && /^postgres(ql)?:$/.test(url.protocol) && url.hostname !== "" && url.pathname.length > 1;
  }, "must be of the form postgres://user:password@host:5432/database"),
);

const Environment = z.object({
  DATABASE_URL: z.optional(databaseUrl),
  DATA_DIR: z.prefault(z.string().check(z.minLength(1)), "data"),
  PORT: z.prefault(whole(65_535), "4180"),
  HOST: z.prefault(z.string().check(z.minLength(1)), "127.0.0.1"),
  LOG_LEVEL: z.prefault(z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]), "info"),
  STATIC_DIR: z.optional(z.string().check(z.minLength(1))),
  TRUST_PROXY: z.prefault(z.enum(["0", "1"]), "0"),
  RATE_LIMITS: z.prefault(z.enum(["on", "off"]), "on"),
  CONNECTIONS_PER_ADDRESS: z.prefault(whole(most), "500"),
  ROOM_QUOTA_MB: z.prefault(whole(most), "256"),
  SERVICE_QUOTA_MB: z.prefault(whole(most), "20480"),
  METRICS_PORT: z.optional(whole(65_535)),
  METRICS_HOST: z.prefault(z.string().check(z.minLength(1)), "127.0.0.1"),
});

export type Config = {
  /** A PostgreSQL database, or null for the SQLite file in the data folder. */
  databaseUrl: string | null;
  dataDir: string;
  port: number;
  host: string;
  logLevel: z.infer<typeof Environment>["LOG_LEVEL"];
  /** null where the default folder is to be used when it is there. */
  staticDir: string | null;
  /** Whether the address of who calls is what the proxy in front says. */
  trustProxy: boolean;
  /** Connections, and requests in hand, of one address; null where nothing is limited. */
  connectionsPerAddress: number | null;
  quotas: Quotas;
  /** null where nothing is to be counted. */
  metrics: { port: number; host: string } | null;
};

/** A variable of the environment that cannot be used; the message names it and fits on one line. */
export class ConfigError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ConfigError";
  }
}

/**
 * The settings in the environment, with their defaults. README.md lists them.
 * @throws {ConfigError}
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const parsed = Environment.safeParse(environment);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; "));
  }
  const { data } = parsed;
  return {
    dataDir: data.DATA_DIR,
    databaseUrl: data.DATABASE_URL ?? null,
    port: data.PORT,
    host: data.HOST,
    logLevel: data.LOG_LEVEL,
    staticDir: data.STATIC_DIR ?? null,
    trustProxy: data.TRUST_PROXY === "1",
    connectionsPerAddress: data.RATE_LIMITS === "on" ? data.CONNECTIONS_PER_ADDRESS : null,
    quotas: { roomBytes: bytesOf(data.ROOM_QUOTA_MB), serviceBytes: bytesOf(data.SERVICE_QUOTA_MB) },
    metrics: data.METRICS_PORT === undefined ? null : { port: data.METRICS_PORT, host: data.METRICS_HOST },
  };
}
