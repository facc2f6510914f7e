import { argon2id } from "hash-wasm";
import type { Bytes } from "#protocol/bytes.ts";
import type { StretchPassphrase } from "./vault.ts";

export const stretchPassphrase: StretchPassphrase = async (passphrase, salt, cost) =>
  (await argon2id({
    password: passphrase,
    salt,
    memorySize: cost.memoryKiB,
    iterations: cost.iterations,
    parallelism: cost.parallelism,
    hashLength: 32,
    outputType: "binary",
  })) as Bytes;
