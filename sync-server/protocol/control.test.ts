import { expect, test } from "vitest";
import { parseControlBody } from "./control.ts";

const parse = (body: unknown) => parseControlBody(new TextEncoder().encode(JSON.stringify(body)));

test.each(["merge", "constructor", "toString", "__proto__", ""])("[C7] the action «%s» is of a later app and no broken body", (action) => {
  expect(parse({ action })).toEqual({ ok: false, refusal: { type: "unknownAction" } });
});

test.each([[null], [[]], [{}], [{ action: 1 }], [{ action: "close" }], ["close"]])("[C1] %j is broken", (body) => {
  expect(parse(body)).toEqual({ ok: false, refusal: { type: "malformed" } });
});
