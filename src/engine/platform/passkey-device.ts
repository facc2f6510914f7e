import { type Bytes, fromBase64Url, toBase64Url } from "#protocol/bytes.ts";
import type { RandomBytes } from "./clock.ts";

/** Why an authenticator gave nothing; each has its own words on screen. */
export type PasskeyRefusal = "cancelled" | "noPrf" | "failed";

/** What an authenticator makes of a salt: 32 bytes that it gives nobody else, and always the same. */
export type PasskeyAnswer = { ok: true; credentialId: string; output: Bytes } | { ok: false; refusal: PasskeyRefusal };

/** The device's or a person's authenticator, by WebAuthn's extension «prf» (https://w3c.github.io/webauthn/#prf-extension). Works offline: nothing is sent. */
export type PasskeyDevice = {
  /** Whether the browser may have it at all. That it does is only known when a passkey has been made. */
  isPossible(): Promise<boolean>;
  /** Makes a passkey. @param known ids of those that open this device already: an authenticator makes no second one */
  make(passkey: { salt: Bytes; name: string; known: readonly string[] }): Promise<PasskeyAnswer>;
  /** Asks for one of these. */
  ask(passkeys: readonly { credentialId: string; salt: Bytes }[]): Promise<PasskeyAnswer>;
};

/** A person may have to look for their security key. */
const timeoutMs = 120_000;
/** ES256, and RS256 for older computers; the signature itself is not used. */
const algorithms = [-7, -257].map((alg) => ({ type: "public-key", alg }) as const);

/** @param browser the window, or what of it there is */
export function createPasskeyDevice(
  browser: { navigator: { credentials?: CredentialsContainer }; PublicKeyCredential?: typeof PublicKeyCredential },
  random: RandomBytes,
): PasskeyDevice {
  const { credentials } = browser.navigator;
  const isThere = () => credentials !== undefined && browser.PublicKeyCredential !== undefined;
  const allow = (credentialId: string) => ({ type: "public-key", id: fromBase64Url(credentialId) }) as const;

  async function guarded(work: (container: CredentialsContainer) => Promise<PasskeyAnswer>): Promise<PasskeyAnswer> {
    if (credentials === undefined || !isThere()) return { ok: false, refusal: "noPrf" };
    try {
      return await work(credentials);
    } catch (error) {
      // «Not allowed» is what a browser says when a person does not want to, or lets the time go by.
      const isCancelled = error instanceof Error && ["NotAllowedError", "AbortError"].includes(error.name);
      return { ok: false, refusal: isCancelled ? "cancelled" : "failed" };
    }
  }

  const ask: PasskeyDevice["ask"] = (passkeys) =>
    guarded(async (container) => {
      const evalByCredential = Object.fromEntries(passkeys.map(({ credentialId, salt }) => [credentialId, { first: salt }]));
      const credential = await container.get({
        publicKey: {
          challenge: random(32),
          allowCredentials: passkeys.map(({ credentialId }) => allow(credentialId)),
          userVerification: "required",
          timeout: timeoutMs,
          extensions: { prf: { evalByCredential } },
        },
      });
      return answerOf(credential);
    });

  return {
    async isPossible() {
      if (!isThere()) return false;
      const told = await browser.PublicKeyCredential?.getClientCapabilities?.().catch(() => undefined);
      return told?.["extension:prf"] !== false;
    },
    make: ({ salt, name, known }) =>
      guarded(async (container) => {
        const credential = await container.create({
          publicKey: {
            challenge: random(32),
            rp: { name: "Åpen dør" },
            user: { id: random(16), name, displayName: name },
            pubKeyCredParams: algorithms,
            excludeCredentials: known.map(allow),
            authenticatorSelection: { userVerification: "required", residentKey: "preferred" },
            timeout: timeoutMs,
            extensions: { prf: { eval: { first: salt } } },
          },
        });
        const made = answerOf(credential);
        if (made.ok || credential === null || extensionsOf(credential).prf?.enabled !== true) return made;
        // Some make the output only when they are asked the next time.
        return ask([{ credentialId: credential.id, salt }]);
      }),
    ask,
  };
}

function extensionsOf(credential: Credential): AuthenticationExtensionsClientOutputs {
  return (credential as PublicKeyCredential).getClientExtensionResults();
}

function answerOf(credential: Credential | null): PasskeyAnswer {
  if (credential === null) return { ok: false, refusal: "cancelled" };
  const first = extensionsOf(credential).prf?.results?.first;
  if (first === undefined) return { ok: false, refusal: "noPrf" };
  const output = first instanceof ArrayBuffer ? new Uint8Array(first) : new Uint8Array(first.buffer, first.byteOffset, first.byteLength).slice();
  return { ok: true, credentialId: toBase64Url(new Uint8Array((credential as PublicKeyCredential).rawId)), output: new Uint8Array(output) };
}
