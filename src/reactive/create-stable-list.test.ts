import { type Accessor, batch, createEffect, createMemo, createRoot, createSignal, mapArray, onCleanup } from "solid-js";
import { expect, test } from "vitest";
import { createStableList } from "./create-stable-list.ts";

type Item = { id: string; name: string };

/** A list drawn as a page does it: a row for each item, which says what it shows. */
function drawnList(first: readonly Item[]) {
  return createRoot((dispose) => {
    const [list, setList] = createSignal(first);
    const drawn: string[] = [];
    const gone: string[] = [];
    const stable = createStableList(list);
    const rows = createMemo(
      mapArray(stable, (item) => {
        drawn.push(item().id);
        onCleanup(() => gone.push(item().id));
        return { item };
      }),
    );
    const shown = () => rows().map(({ item }) => item().name);
    return { setList, stable, rows, shown, drawn, gone, dispose };
  });
}

const read = (...names: string[]): Item[] => names.map((name) => ({ id: name.slice(0, 1), name }));

test("rows stay the same through a new reading, and show what has changed", () => {
  const { setList, rows, shown, drawn, gone, dispose } = drawnList(read("ask", "bjørk", "gran"));
  const before = rows();
  setList(read("ask", "bringebær", "gran"));
  expect(rows()).toEqual(before);
  rows().forEach((row, at) => expect(row).toBe(before[at]));
  expect(shown()).toEqual(["ask", "bringebær", "gran"]);
  expect([drawn, gone]).toEqual([["a", "b", "g"], []]);
  dispose();
});

test("an item that moves takes its row with it; one that comes or goes touches no other row", () => {
  const { setList, rows, shown, drawn, gone, dispose } = drawnList(read("ask", "bjørk", "gran"));
  const [ask, , gran] = rows();
  setList(read("gran", "osp", "ask"));
  expect(rows()[0]).toBe(gran);
  expect(rows()[2]).toBe(ask);
  expect(shown()).toEqual(["gran", "osp", "ask"]);
  expect([drawn, gone]).toEqual([["a", "b", "g", "o"], ["b"]]);
  dispose();
});

test("a row that is asked for its item in the update in which it leaves is given the item as it was", () => {
  const { setList, stable, dispose } = drawnList(read("ask", "bjørk"));
  const [, leaving] = stable();
  batch(() => {
    setList(read("ask"));
    expect(leaving?.().name).toBe("bjørk");
  });
  expect(stable()).toHaveLength(1);
  dispose();
});

test("an item that is the same in the new reading does not wake its row", () => {
  const item = { id: "a", name: "ask" };
  let times = 0;
  const { setList, dispose } = createRoot((end) => {
    const [list, set] = createSignal<readonly Item[]>([item]);
    const [row] = createStableList(list)() as [Accessor<Item>];
    createEffect(() => {
      row();
      times++;
    });
    return { setList: set, dispose: end };
  });
  setList([item, ...read("bjørk")]);
  expect(times).toBe(1);
  dispose();
});
