import { useParams } from "@solidjs/router";
import { type JSX, Match, Switch } from "solid-js";
import { PageTitle } from "../../ui/card.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { Page } from "../space/page.tsx";
import { useWorkspace } from "../space/workspace.tsx";
import { createSchoolsKnown } from "./create-school.ts";
import { SchoolView } from "./school-view.tsx";

/** One school. */
export function SchoolPage(): JSX.Element {
  const { text } = useText();
  const params = useParams<{ schoolId: string }>();
  const workspace = useWorkspace();
  const known = createSchoolsKnown();
  return (
    <Page back={{ label: text("common.nav.schools"), href: "/skoler" }}>
      <Switch>
        <Match when={workspace.school(params.schoolId)} keyed>
          {(school) => <SchoolView school={school} />}
        </Match>
        <Match when={known()}>
          <PageTitle title={text("schools.title")} />
          <EmptyState text={text("schools.notFound")} />
        </Match>
      </Switch>
    </Page>
  );
}
