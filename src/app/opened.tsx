import { Router } from "@solidjs/router";
import type { JSX } from "solid-js";
import { EngineProvider, type UnlockedEngine } from "../reactive/engine-context.tsx";
import type { Installation } from "./installation.ts";
import { OpenApp } from "./open-app.tsx";
import type { Preferences } from "./preferences.ts";
import { routes } from "./routes.tsx";
import type { AppUpdate } from "./update.ts";

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
          <OpenApp
            installation={props.installation}
            preferences={props.preferences}
            update={props.update}
            onLocked={props.onLocked}
            onDeleted={props.onDeleted}
          >
            {route.children}
          </OpenApp>
        </EngineProvider>
      )}
    >
      {routes}
    </Router>
  );
}
