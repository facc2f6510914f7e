import { createComponent } from "solid-js";
import { afterEach, expect, test } from "vitest";
import type { TestDevice } from "../../../test/support/device.ts";
import { indexDocId } from "../../engine/log/rights.ts";
import { inEngine, makeRoom, takeDiskAway, unlockedEngine } from "../../reactive/reactive.test-data.ts";
import { createUndo } from "../../ui/create-undo.ts";
import { idOf } from "../features.test-data.ts";
import type { MeetingId } from "../ids.ts";
import { type Shell, ShellProvider } from "../space/shell.tsx";
import type { SchoolHandle } from "../space/workspace.tsx";
import { createMeetingEdit, type MeetingEdit } from "./create-meeting-edit.ts";
import { meetingDocumentId, prepareMeeting, readMeetingDocument, readMeetings, setOwnProcedure, withdrawConsent } from "./document.ts";
import { meetingId, preparation, waiverOf } from "./meetings.test-data.ts";

const devices: TestDevice[] = [];
afterEach(async () => {
  for (const { space } of devices.splice(0)) await space.close();
});

const otherId = `meeting-${idOf(2)}` as MeetingId;

/** Two meetings of one school, each with a waiver, and what a page changes them with. */
async function twoMeetings() {
  const { device, engine } = await unlockedEngine();
  devices.push(device);
  const room = await makeRoom(device, "a");
  const undo = createUndo(8000, { now: () => 0, set: () => 0, clear: () => {} });
  let edit: MeetingEdit | undefined;
  inEngine(engine, () =>
    createComponent(ShellProvider, {
      shell: { undo } as Shell,
      get children() {
        edit = createMeetingEdit();
        return null;
      },
    }),
  );
  if (edit === undefined) throw new Error("the page was not drawn");
  const school = { schoolRoom: room } as SchoolHandle;
  for (const id of [meetingId, otherId]) {
    await edit.both({ id, school }, (index, doc) => prepareMeeting(index, doc, preparation({}, { id, consents: [waiverOf(1)] }), []));
  }
  const read = async () => {
    const index = await room.open(indexDocId);
    const details = await Promise.all([meetingId, otherId].map(async (id) => readMeetingDocument(await room.open(meetingDocumentId(id)))));
    return {
      suspected: readMeetings(index).records.flatMap(({ id, ownProcedure }) => (ownProcedure === true ? [id] : [])),
      withdrawn: details.map(({ consents }) => consents.map(({ withdrawnOn }) => withdrawnOn)),
    };
  };
  return { device, edit, undo, school, read };
}

test("what is taken back is what was done, in the meeting that was named then, whichever was changed since", async () => {
  const { edit, undo, school, read } = await twoMeetings();
  await edit.both({ id: meetingId, school }, (_, doc) => withdrawConsent(doc, waiverOf(1).id, "2026-11-26"), {
    message: "Trukket",
    change: (_, doc) => withdrawConsent(doc, waiverOf(1).id, null),
  });
  await edit.both({ id: otherId, school }, (_, doc) => withdrawConsent(doc, waiverOf(1).id, "2026-11-27"));
  expect((await read()).withdrawn).toEqual([["2026-11-26"], ["2026-11-27"]]);
  expect(undo.current()?.message).toBe("Trukket");
  undo.undo();
  await expect.poll(async () => (await read()).withdrawn).toEqual([[undefined], ["2026-11-27"]]);
});

test("it is told when it was taken back; what the disk refused is not offered to be", async () => {
  const { device, edit, undo, school, read } = await twoMeetings();
  const here = { id: meetingId, school };
  let undone = 0;
  const say = () =>
    edit.index(here, (index) => setOwnProcedure(index, meetingId, true), {
      message: "Sagt",
      change: (index) => setOwnProcedure(index, meetingId, false),
      undone: () => undone++,
    });
  const bringDiskBack = takeDiskAway(device);
  expect(await say()).toBe(false);
  expect(undo.current()).toBeUndefined();
  bringDiskBack();
  expect(await say()).toBe(true);
  expect((await read()).suspected).toEqual([meetingId]);
  undo.undo();
  await expect.poll(() => undone).toBe(1);
  expect((await read()).suspected).toEqual([]);
});

test("without the school's room nothing is said to be saved", async () => {
  const { edit } = await twoMeetings();
  const school = { schoolRoom: undefined } as SchoolHandle;
  expect(await edit.index({ id: meetingId, school }, (index) => setOwnProcedure(index, meetingId, true))).toBe(false);
});
