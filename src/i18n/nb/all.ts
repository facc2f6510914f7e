import { common } from "./common.ts";
import { guard } from "./guard.ts";
import { lock } from "./lock.ts";
import { space } from "./space.ts";
import { errors } from "./errors.ts";

/** One import and one property for each section. */
export const nb = { common, guard, lock, space, errors };
