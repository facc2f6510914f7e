import { fromBase64Url, type Bytes } from "#protocol/bytes.ts";

export type SignatureChecker = {
  /**
   * Whether the 64 byte P1363 signature of the message was made by the holder of this key.
   * @param publicKey an uncompressed P-256 point, base64url; one that is not on the curve has signed nothing
   */
  check(publicKey: string, signature: Bytes, message: Bytes): Promise<boolean>;
};

const curve = { name: "ECDSA", namedCurve: "P-256" } as const;
const algorithm = { name: "ECDSA", hash: "SHA-256" } as const;

/** Checks ECDSA P-256 with SHA-256 and keeps the `keysKept` keys that were used last: importing one costs as much as a signature. */
export function createSignatureChecker(keysKept: number): SignatureChecker {
  const imported = new Map<string, Promise<CryptoKey | null>>();

  const keyOf = (publicKey: string): Promise<CryptoKey | null> => {
    const known = imported.get(publicKey);
    const key =
      known ??
      crypto.subtle.importKey("raw", fromBase64Url(publicKey), curve, false, ["verify"]).catch(() => null);
    imported.delete(publicKey);
    imported.set(publicKey, key);
    for (const oldest of imported.keys()) {
      if (imported.size <= keysKept) break;
      imported.delete(oldest);
    }
    return key;
  };

  return {
    async check(publicKey, signature, message) {
      const key = await keyOf(publicKey);
      return key !== null && crypto.subtle.verify(algorithm, key, signature, message);
    },
  };
}
