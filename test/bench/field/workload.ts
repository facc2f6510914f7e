import * as Y from "yjs";

/** One drøfting as plain fields. The same work is given to everyone who is measured. */
type FieldRecord = { id: string; fields: readonly (readonly [string, string | number | boolean])[]; note: readonly string[] };

/** How many drøftinger come home from the field. */
export const recordCount = 500;

/** How a form becomes Yjs transactions. `typed`: one for each tap and pause, 21 a record. `saved`: one a record, at Lagre. */
export type Workload = "typed" | "saved";

const recordsName = "consultations";
const noteParts = 2;

/** Numbers that are the same on every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function makeRecords(count: number): FieldRecord[] {
  const random = seeded(500);
  const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T;
  // As many words as short notes draw on, so that they deflate as notes do.
  const syllable = () => pick(["ba", "dre", "fi", "gjø", "ho", "kla", "li", "me", "nå", "ro", "sam", "ti", "ung", "ve"]) + pick(["", "", "r", "n", "t"]);
  const words = Array.from({ length: 800 }, () => Array.from({ length: 1 + Math.floor(random() * 3) }, syllable).join(""));
  const hex = () => Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join("");
  const schools = Array.from({ length: 7 }, hex);
  const visits = Array.from({ length: 70 }, () => ({
    id: hex(),
    school: pick(schools),
    date: `202${pick([5, 6])}-0${1 + Math.floor(random() * 9)}-${10 + Math.floor(random() * 19)}`,
  }));
  return Array.from({ length: count }, (_, index) => {
    const visit = visits[Math.floor((index / count) * visits.length)] as (typeof visits)[number];
    return {
      id: hex(),
      fields: [
        ["caseCode", `${pick(words)} ${pick(words)} ${Math.floor(random() * 90)}`],
        ["visitId", visit.id],
        ["schoolId", visit.school],
        ["heldOn", visit.date],
        ["startedAt", `1${Math.floor(random() * 6)}:${10 + Math.floor(random() * 50)}`],
        ["durationMinutes", 10 + Math.floor(random() * 30)],
        ["arena", pick(["openDoor", "fixedMeeting", "phone"])],
        ["broughtBy", pick(["teacher", "socialTeacher", "healthNurse", "headTeacher"])],
        ["gradeBand", pick(["1-4", "5-7", "8-10"])],
        ["theme", pick(["health", "school", "feelings", "friends", "basicCare", "protection", "family", "housing"])],
        ["worryDuration", pick(["days", "weeks", "months", "overYear"])],
        ["violenceSuspected", pick(["no", "unsure", "yes"])],
        ["parentsInformed", pick(["yes", "no", "unsure"])],
        ["interpreterNeeded", random() < 0.2],
        ["dutyToReport", pick(["no", "unsure", "yes"])],
        ["advice", pick(["whenDutyApplies", "whatToWrite", "howToSend", "talkWithParents", "talkWithChild"])],
        ["nextStep", pick(["schoolReports", "schoolTalks", "ownMeasures", "ppt", "bup", "discussAgain"])],
        ["shared", random() < 0.8],
      ],
      note: Array.from({ length: noteParts }, () => Array.from({ length: 15 }, () => pick(words)).join(" ")),
    };
  });
}

export const records: readonly FieldRecord[] = makeRecords(recordCount);

const made = new Map([[recordCount, records]]);

/** As many drøftinger; the same on every run. */
export function recordsOf(count: number): readonly FieldRecord[] {
  const known = made.get(count) ?? makeRecords(count);
  made.set(count, known);
  return known;
}

/** Whether the document has the whole of the record. */
export function hasRecord(doc: Y.Doc, { id, note }: FieldRecord): boolean {
  return String(doc.getMap<Y.Map<unknown>>(recordsName).get(id)?.get("note")) === note.join("");
}

/** Writes one record into the document: 21 transactions when typed, one when saved. */
export function writeRecord(doc: Y.Doc, { id, fields, note }: FieldRecord, workload: Workload): void {
  const all = doc.getMap<Y.Map<unknown>>(recordsName);
  const record = new Y.Map<unknown>();
  const text = new Y.Text();
  const steps = [
    () => {
      record.set("note", text);
      all.set(id, record);
    },
    ...fields.map(
      ([name, value]) =>
        () => {
          record.set(name, value);
        },
    ),
    ...note.map((part) => () => text.insert(text.length, part)),
  ];
  if (workload === "saved") doc.transact(() => steps.forEach((step) => step()));
  else for (const step of steps) doc.transact(step);
}

/** Whether the document holds the whole of the last record and as many as there are; cheap enough to ask after every transaction. */
export function hasAll(doc: Y.Doc, wanted = records): boolean {
  const last = wanted.at(-1);
  return last !== undefined && doc.getMap(recordsName).size === wanted.length && hasRecord(doc, last);
}

/** @throws when some record is not what was written */
export function checkAll(doc: Y.Doc, written = records): void {
  const found = doc.getMap(recordsName).toJSON() as Record<string, unknown>;
  const wanted = Object.fromEntries(written.map(({ id, fields, note }) => [id, { ...Object.fromEntries(fields), note: note.join("") }]));
  const sorted = (value: object) => JSON.stringify(Object.entries(value).map(([id, record]) => [id, Object.entries(record as object).sort()]).sort());
  if (sorted(found) !== sorted(wanted)) throw new Error("the second device does not hold what the first one wrote");
}

/** Resolves once the document holds everything. */
export function whenAll(doc: Y.Doc, wanted = records): Promise<void> {
  return new Promise((resolve) => {
    const check = () => {
      if (!hasAll(doc, wanted)) return;
      doc.off("afterTransaction", check);
      resolve();
    };
    doc.on("afterTransaction", check);
    check();
  });
}
