import { expect, test } from "vitest";
import { createNewId } from "./id.ts";

test("an id is 16 of the bytes passed in, in hexadecimal", () => {
  let asked = 0;
  const newId = createNewId((length) => {
    asked = length;
    return new Uint8Array(length).fill(10);
  });
  expect(newId<"case">()).toBe("0a".repeat(16));
  expect(asked).toBe(16);
});
