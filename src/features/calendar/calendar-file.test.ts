import { execFileSync } from "node:child_process";
import { convertIcsCalendar } from "ts-ics";
import { expect, test } from "vitest";
import { visitOn } from "../features.test-data.ts";
import { calendarFile } from "./calendar-file.ts";
import { type CalendarEvent, calendarEvents } from "./rules.ts";

const madeAt = new Date("2026-11-23T08:00:00Z");
const visits = [visitOn("2026-11-26"), visitOn("2027-04-15"), visitOn("2026-12-17", { cancelledAt: "2026-11-25T09:00:00", cancelReason: "schoolBusy" })];
const deadline: CalendarEvent = {
  uid: "run-1-reporterFeedback@aapen-dor",
  subject: { type: "deadline", deadline: "reporterFeedback", school: "Granly skole" },
  place: null,
  when: { allDay: "2026-12-14" },
  isCancelled: false,
  remindAt: "2026-12-11T09:00:00",
};
const events = [...calendarEvents([{ school: { name: "Granly skole" }, visits, runs: [], meetings: [], actionItems: [], followUps: [], closed: [] }], "2026-11-23", "consultant"), deadline];
const file = calendarFile(events, ({ subject }) => `${subject.type}, ${subject.type === "meeting" ? "" : subject.school}`, madeAt);
const lines = file.replaceAll("\r\n ", "").split("\r\n");

test("what is read back is what was written: winter and summer, called off, and a whole day", () => {
  const { events: read = [] } = convertIcsCalendar(undefined, file);
  expect(read.map(({ uid }) => uid)).toEqual(events.map(({ uid }) => uid));
  // Half past one in Oslo: 12.30 UTC in November, 11.30 in April.
  expect(read.map(({ start, status, summary }) => [start.date.toISOString(), start.local?.timezone, status, summary])).toEqual([
    ["2026-11-26T12:30:00.000Z", "Europe/Oslo", "CONFIRMED", "visit, Granly skole"],
    ["2026-12-17T12:30:00.000Z", "Europe/Oslo", "CANCELLED", "visit, Granly skole"],
    ["2027-04-15T11:30:00.000Z", "Europe/Oslo", "CONFIRMED", "visit, Granly skole"],
    ["2026-12-14T00:00:00.000Z", undefined, "CONFIRMED", "deadline, Granly skole"],
  ]);
});

test("times are wall clock times with their zone, whole days have none, and the reminder counts back from midnight", () => {
  expect(lines.filter((line) => line.startsWith("DTSTART;VALUE=DATE"))).toEqual([
    "DTSTART;VALUE=DATE-TIME;TZID=Europe/Oslo:20261126T133000",
    "DTSTART;VALUE=DATE-TIME;TZID=Europe/Oslo:20261217T133000",
    "DTSTART;VALUE=DATE-TIME;TZID=Europe/Oslo:20270415T133000",
    "DTSTART;VALUE=DATE:20261214",
  ]);
  expect(lines).toContain("DTEND;VALUE=DATE:20261215");
  // Friday at nine, before a Monday.
  expect(lines.filter((line) => line.startsWith("TRIGGER"))).toEqual(["TRIGGER:-P2DT15H0M"]);
  expect(lines).toContain("DESCRIPTION:deadline\\, Granly skole");
});

test("summer time begins at two and ends at three, on the last Sunday of March and of October", () => {
  const zone = lines.slice(lines.indexOf("BEGIN:VTIMEZONE"), lines.indexOf("END:VTIMEZONE"));
  const part = (name: string) => zone.slice(zone.indexOf(`BEGIN:${name}`) + 1, zone.indexOf(`END:${name}`)).sort();
  expect(part("DAYLIGHT")).toEqual(["DTSTART:19810329T020000", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", "TZNAME:CEST", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200"]);
  expect(part("STANDARD")).toEqual(["DTSTART:19961027T030000", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", "TZNAME:CET", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100"]);
});

test("an entry that is written again later has a higher number", () => {
  const sequence = (at: string) => Number(/SEQUENCE:(\d+)/.exec(calendarFile([deadline], () => "x", new Date(at)))?.[1]);
  expect(sequence("2026-11-23T08:05:00Z")).toBeGreaterThan(sequence("2026-11-23T08:00:00Z"));
});

test.each(["Europe/Oslo", "UTC", "America/Los_Angeles", "Pacific/Kiritimati"])("the same file on a device in %s", (zone) => {
  const source = JSON.stringify({ events, module: new URL("./calendar-file.ts", import.meta.url).href });
  const script = `const { events, module } = ${source};
    const { calendarFile } = await import(module);
    process.stdout.write(calendarFile(events, ({ subject }) => subject.type + ", " + (subject.type === "meeting" ? "" : subject.school), new Date("${madeAt.toISOString()}")));`;
  const written = execFileSync(process.execPath, ["--input-type=module", "-e", script], { env: { ...process.env, TZ: zone }, encoding: "utf8" });
  expect(written).toBe(file);
});
