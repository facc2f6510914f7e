import * as z from "zod/mini";

const origin = z.string().check(
  z.refine((text) => {
    try {
      return new URL(text).origin === text;
    } catch {
      return false;
    }
  }, "must be an origin such as https://app.example.no"),
);

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
  PORT: z.prefault(
    z.pipe(
      z.string().check(z.regex(/^\d{1,5}$/, "must be a number")),
      z.pipe(z.transform(Number), z.number().check(z.maximum(65_535, "must be at most 65535"))),
    ),
    "4180",
  ),
  HOST: z.prefault(z.string().check(z.minLength(1)), "127.0.0.1"),
  LOG_LEVEL: z.prefault(z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]), "info"),
  STATIC_DIR: z.optional(z.string().check(z.minLength(1))),
  ALLOWED_ORIGIN: z.optional(origin),
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
  allowedOrigin: string | null;
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
  const { DATABASE_URL, DATA_DIR, PORT, HOST, LOG_LEVEL, STATIC_DIR, ALLOWED_ORIGIN } = parsed.data;
  return {
    databaseUrl: DATABASE_URL ?? null,
    dataDir: DATA_DIR,
    port: PORT,
    host: HOST,
    logLevel: LOG_LEVEL,
    staticDir: STATIC_DIR ?? null,
    allowedOrigin: ALLOWED_ORIGIN ?? null,
  };
}
