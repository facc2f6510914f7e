import { addDays, dateOf, type IsoDate, type TimeOfDay } from "../../lib/iso-date.ts";
import { isWaiting, preRegistrationState, queueOf, visitOfPreRegistration } from "../pre-registration/rules.ts";
import type { PreRegistration } from "../pre-registration/schema.ts";
import type { Visit } from "../visits/schema.ts";

/** How long a case that is drøftet stands on the first screen: until about the next visit of the usual rhythm. */
const discussedForDays = 21;

/** A signed-up case as the school's first screen lists it. */
export type HomeRow = {
  readonly preRegistration: PreRegistration;
  /** The visit it waits for; null when none is planned, and for what does not wait any more. */
  readonly visit: Visit | null;
  readonly slot: TimeOfDay | null;
};

/**
 * The cases a school has signed up: those that wait, in the order they come up; then what was drøftet lately and what was withdrawn today, the last
 * first. A case that waits again is not listed for what it was.
 */
export function homeRows(context: { visits: readonly Visit[]; preRegistrations: readonly PreRegistration[]; today: IsoDate }): HomeRow[] {
  const { visits, preRegistrations, today } = context;
  const waiting = preRegistrations.filter(isWaiting).map((preRegistration): HomeRow => {
    const visit = visitOfPreRegistration(preRegistration, visits, today);
    const entry = visit === null ? undefined : queueOf(visit, context).find((candidate) => candidate.preRegistration.id === preRegistration.id);
    return { preRegistration, visit, slot: entry?.slot ?? null };
  });
  const turn = ({ visit, slot, preRegistration }: HomeRow) => `${visit?.date ?? "9999"} ${slot ?? "99:99"} ${preRegistration.createdAt}${preRegistration.id}`;
  const again = new Set(waiting.map(({ preRegistration }) => preRegistration.caseId));
  const settled = preRegistrations
    .filter((one) => !again.has(one.caseId) && settledOn(one) >= (preRegistrationState(one) === "discussed" ? addDays(today, -discussedForDays) : today))
    .sort((a, b) => (settledOn(a) + a.id > settledOn(b) + b.id ? -1 : 1))
    .map((preRegistration): HomeRow => ({ preRegistration, visit: null, slot: null }));
  return [...waiting.sort((a, b) => (turn(a) < turn(b) ? -1 : 1)), ...settled];
}

/** The day it was drøftet or withdrawn. */
export function settledOn(one: PreRegistration): IsoDate {
  return dateOf(one.discussedAt ?? one.withdrawnAt ?? one.createdAt);
}
