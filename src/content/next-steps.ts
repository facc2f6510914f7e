/** A next step as a service has it: its own wording and order over what we ship. */
export type NextStepDefault = {
  readonly id: string;
  /** Left out of the form, of texts and of prints when violence is suspected. */
  readonly involvesParents: boolean;
};

/** What a new service starts with, in order. The words are in the text section `content.nextStep`. */
export const defaultNextSteps = [
  { id: "schoolReports", involvesParents: false },
  { id: "schoolTalksToParents", involvesParents: true },
  { id: "schoolMeasures", involvesParents: false },
  { id: "schoolNurse", involvesParents: false },
  { id: "ppt", involvesParents: false },
  { id: "bup", involvesParents: false },
  { id: "lowThreshold", involvesParents: true },
  { id: "familyCounselling", involvesParents: true },
  { id: "threeWayTalk", involvesParents: true },
  { id: "discussAgain", involvesParents: false },
  { id: "noMore", involvesParents: false },
] as const satisfies readonly NextStepDefault[];
export type DefaultNextStep = (typeof defaultNextSteps)[number]["id"];

/** The steps that stand in their place when violence is suspected: the same everywhere, not a service's to change. */
export const guardNextSteps = ["schoolReportsToday", "schoolCallsNow", "policeNotified", "schoolNurse", "discussAgainTomorrow", "contactAfterClarification"] as const;
export type GuardNextStep = (typeof guardNextSteps)[number];

const shipped = new Set<string>([...defaultNextSteps.map(({ id }) => id), ...guardNextSteps]);

/** Whether the app has words for it; the others are a service's own. */
export function isShippedStep(id: string): id is DefaultNextStep | GuardNextStep {
  return shipped.has(id);
}
