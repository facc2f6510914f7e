import { staffRolesForSignUp } from "../../content/choices.ts";
import { type IsoDate, type TimeOfDay } from "../../lib/iso-date.ts";
import { err, ok, type Result } from "../../lib/result.ts";
import { nextVisit, slotsOf, visitStatus } from "../visits/rules.ts";
import type { Visit } from "../visits/schema.ts";
import type { PreRegistration, PreRegistrationDraft } from "./schema.ts";

/** No sign-up is made: nothing of the kind may wait for a visit. The screen gives the duty to report, the portal and the phones now. */
export type NoSignUp = { readonly type: "noSignUp"; readonly because: "violence" | "urgent" };

/** Whether the draft may become a sign-up. Asked as soon as the urgency is chosen, and again by the command that writes. */
export function checkSignUp(draft: Pick<PreRegistrationDraft, "urgency">): Result<PreRegistration["urgency"], NoSignUp> {
  switch (draft.urgency) {
    case "violence":
    case "urgent":
      return err({ type: "noSignUp", because: draft.urgency });
    default:
      return ok(draft.urgency);
  }
}

export const signUpQuestions = ["role", "gradeBand", "themes", "wishes"] as const;
export type SignUpQuestion = (typeof signUpQuestions)[number];

/** The questions without an answer, in the order of the form. None has to have one: blanks are «ikke registrert». */
export function blankSignUpQuestions(draft: PreRegistrationDraft): SignUpQuestion[] {
  return signUpQuestions.filter((question) => !isAnswered(draft[question]));
}

/** The first question without an answer; null when all have one. */
export function nextSignUpQuestion(draft: PreRegistrationDraft): SignUpQuestion | null {
  return blankSignUpQuestions(draft)[0] ?? null;
}

function isAnswered(value: string | readonly string[] | undefined): boolean {
  return value !== undefined && value.length > 0;
}

/** How many roles stand before «Flere …». */
export const primaryRoleCount = 5;
export const signUpRoles = staffRolesForSignUp;

export type PreRegistrationState = "signedUp" | "discussed" | "postponed" | "withdrawn";

/** A drøfting counts over everything, also over a withdrawal made elsewhere meanwhile. */
export function preRegistrationState(one: PreRegistration): PreRegistrationState {
  if (one.discussedAt !== undefined) return "discussed";
  if (one.withdrawnAt !== undefined) return "withdrawn";
  return one.postponedFrom === undefined ? "signedUp" : "postponed";
}

export function isWaiting(one: PreRegistration): boolean {
  const state = preRegistrationState(one);
  return state === "signedUp" || state === "postponed";
}

/**
 * The visit a sign-up belongs to now. One that still waits when its visit is over, cancelled or gone follows to the next planned visit by itself:
 * so nothing is lost when the visit was cancelled while the sosiallærer was offline. Null when there is no visit to follow to.
 */
export function visitOfPreRegistration(one: PreRegistration, visits: readonly Visit[], today: IsoDate): Visit | null {
  const own = visits.find(({ id }) => id === one.visitId) ?? null;
  if (!isWaiting(one)) return own;
  if (own === null) return nextVisit(visits, today);
  switch (visitStatus(own)) {
    case "open":
      return own;
    case "planned":
      return own.date >= today ? own : nextVisit(visits, today);
    default:
      return nextVisit(visits, own.date > today ? own.date : today);
  }
}

/** A place in the queue of one visit. */
export type QueueEntry = {
  readonly preRegistration: PreRegistration;
  /** When it is its turn; null when the window is full: if there is time. */
  readonly slot: TimeOfDay | null;
  /** It was put off from an earlier visit, by a person or because that visit ended. */
  readonly carriedOver: boolean;
};

/**
 * The queue of a visit, by slot. Those put off from an earlier visit come first, then those who wish to be first, then the others in the order they
 * were signed up; a preferred slot is kept where it is free. What has been discussed keeps its slot, so no one's time moves; a withdrawal frees one.
 */
export function queueOf(
  visit: Visit,
  context: { visits: readonly Visit[]; preRegistrations: readonly PreRegistration[]; today: IsoDate },
): QueueEntry[] {
  const inTurn = context.preRegistrations
    .filter((one) => preRegistrationState(one) !== "withdrawn" && visitOfPreRegistration(one, context.visits, context.today)?.id === visit.id)
    .map((preRegistration) => ({ preRegistration, carriedOver: isCarriedOver(preRegistration, visit) }))
    .sort(byTurn);
  const slots = slotsOf(visit);
  const taken = new Map<TimeOfDay, QueueEntry>();
  const entries: QueueEntry[] = [];
  const give = (entry: QueueEntry) => {
    entries.push(entry);
    if (entry.slot !== null) taken.set(entry.slot, entry);
  };
  const prefers = ({ preRegistration: { preferredSlot } }: (typeof inTurn)[number]) => preferredSlot !== undefined && slots.includes(preferredSlot);
  for (const one of inTurn.filter(prefers)) {
    const preferred = one.preRegistration.preferredSlot ?? null;
    if (preferred !== null && !taken.has(preferred)) give({ ...one, slot: preferred });
  }
  for (const one of inTurn) {
    if (entries.some(({ preRegistration }) => preRegistration.id === one.preRegistration.id)) continue;
    give({ ...one, slot: slots.find((slot) => !taken.has(slot)) ?? null });
  }
  return entries.sort(bySlot);
}

function isCarriedOver(one: PreRegistration, visit: Visit): boolean {
  return one.visitId !== visit.id || one.postponedFrom !== undefined;
}

function byTurn(a: Omit<QueueEntry, "slot">, b: Omit<QueueEntry, "slot">): number {
  const rank = ({ carriedOver, preRegistration }: Omit<QueueEntry, "slot">) => (carriedOver ? 0 : preRegistration.urgency === "wantsFirst" ? 1 : 2);
  const key = ({ preRegistration }: Omit<QueueEntry, "slot">) => preRegistration.createdAt + preRegistration.id;
  return rank(a) - rank(b) || (key(a) < key(b) ? -1 : 1);
}

function bySlot(a: QueueEntry, b: QueueEntry): number {
  const key = ({ slot, preRegistration }: QueueEntry) => (slot ?? "99:99") + preRegistration.createdAt + preRegistration.id;
  return key(a) < key(b) ? -1 : 1;
}

/** The slots of a visit that nobody has. @param after only those that begin at this time or later */
export function freeSlots(visit: Visit, queue: readonly QueueEntry[], after: TimeOfDay = "00:00"): TimeOfDay[] {
  const taken = new Set(queue.map(({ slot }) => slot));
  return slotsOf(visit).filter((slot) => slot >= after && !taken.has(slot));
}

/** Who is on now: the first in the queue that waits. Null when nobody does. */
export function currentInQueue(queue: readonly QueueEntry[]): QueueEntry | null {
  return queue.find(({ preRegistration }) => isWaiting(preRegistration)) ?? null;
}
