import { Router } from "@solidjs/router";
import type { JSX } from "solid-js";
import { indexDocId } from "../engine/log/rights.ts";
import { roomsOfYear } from "../features/space/invite-rules.ts";
import { dateOf, momentOf } from "../lib/iso-date.ts";
import { schoolYearOf } from "../lib/school-year.ts";
import { createPdfMaker, fetchFont } from "../paper/pdf-maker.ts";
import { EngineProvider, type UnlockedEngine } from "../reactive/engine-context.tsx";
import { PdfMakerProvider } from "../ui/pdf-maker-provider.tsx";
import type { Installation } from "./installation.ts";
import { OpenApp } from "./open-app.tsx";
import type { Preferences } from "./preferences.ts";
import { routes } from "./routes.tsx";
import type { AppUpdate } from "./update.ts";

/** What it keeps is the same for everybody: it outlives the lock. */
const pdfMaker = createPdfMaker(fetchFont);

/** Begins to read what the first screen shows: the disk is at work while the page is built. */
export function readAhead({ space, clock }: UnlockedEngine): void {
  const year = schoolYearOf(dateOf(momentOf(new Date(clock.now()))));
  for (const room of roomsOfYear(space.rooms.get(), year)) room.open(indexDocId).catch(() => undefined);
}

/** The whole app behind the lock. Not in the first load: it is fetched while the passphrase is written. */
export function Opened(props: {
  installation: Installation;
  engine: UnlockedEngine;
  preferences: Preferences;
  update: AppUpdate;
  onLocked: () => void;
  onDeleted: () => void;
}): JSX.Element {
  return (
    <Router
      root={(route) => (
        <EngineProvider engine={props.engine}>
          <PdfMakerProvider maker={pdfMaker} now={() => new Date(props.engine.clock.now())}>
            <OpenApp
              installation={props.installation}
              preferences={props.preferences}
              update={props.update}
              onLocked={props.onLocked}
              onDeleted={props.onDeleted}
            >
              {route.children}
            </OpenApp>
          </PdfMakerProvider>
        </EngineProvider>
      )}
    >
      {routes}
    </Router>
  );
}
