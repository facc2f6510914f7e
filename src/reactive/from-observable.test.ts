import { createRoot } from "solid-js";
import { expect, test } from "vitest";
import { createObservable } from "../engine/platform/observable.ts";
import { fromObservable } from "./from-observable.ts";

test("the signal has the value that is there, follows it, and takes a function for a value", () => {
  const observable = createObservable<string | (() => string)>("first");
  createRoot((dispose) => {
    const value = fromObservable(observable);
    expect(value()).toBe("first");
    observable.set("second");
    expect(value()).toBe("second");
    const given = () => "not called";
    observable.set(given);
    expect(value()).toBe(given);
    dispose();
  });
});

test("it follows no longer than its owner lives", () => {
  const observable = createObservable(1);
  const { value, dispose } = createRoot((end) => ({ value: fromObservable(observable), dispose: end }));
  dispose();
  observable.set(2);
  expect(value()).toBe(1);
});
