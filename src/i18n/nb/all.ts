import { common } from "./common.ts";
import { guard } from "./guard.ts";
import { lock } from "./lock.ts";
import { space } from "./space.ts";
import { errors } from "./errors.ts";
import { schools } from "./schools.ts";
import { settings } from "./settings.ts";
import { followUp } from "./follow-up.ts";
import { preRegistration } from "./pre-registration.ts";
import { keyList } from "./key-list.ts";
import { schoolHome } from "./school-home.ts";
import { content } from "./content.ts";
import { visits } from "./visits.ts";
import { consultations } from "./consultations.ts";
import { routines } from "./routines.ts";
import { templates } from "./templates.ts";
import { calendar } from "./calendar.ts";
import { meetings } from "./meetings.ts";
import { agendas } from "./agendas.ts";
import { minutes } from "./minutes.ts";
import { papers } from "./papers.ts";
import { disclosure } from "./disclosure.ts";
import { people } from "./people.ts";
import { purge } from "./purge.ts";
import { yearEnd } from "./year-end.ts";
import { access } from "./access.ts";

/** One import and one property for each section. */
export const nb = { common, guard, lock, space, errors, schools, settings, followUp, preRegistration, keyList, schoolHome, content, visits, consultations, routines, templates, calendar, meetings, agendas, minutes, papers, disclosure, people, purge, yearEnd, access };
