import type { AllTexts } from "../translate.ts";
import { common } from "./common.ts";
import { guard } from "./guard.ts";
import { lock } from "./lock.ts";
import { space } from "./space.ts";
import { errors } from "./errors.ts";

/** One import and one property for each section, as in nb/all.ts. */
export const nn: AllTexts = { common, guard, lock, space, errors };
