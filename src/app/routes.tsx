import type { RouteDefinition } from "@solidjs/router";
import { lazy } from "solid-js";
import { HomePage } from "./home-page.tsx";

/** Where everything is. The first screen is in the first load; the rest comes after it, and is precached. */
export const routes: RouteDefinition[] = [
  { path: "/", component: HomePage },
  { path: "/besok", component: lazy(() => import("../features/visits/visits-page.tsx").then(({ VisitsPage }) => ({ default: VisitsPage }))) },
  {
    path: "/besok/:schoolId/:visitId",
    component: lazy(() => import("../features/visits/visit-page.tsx").then(({ VisitPage }) => ({ default: VisitPage }))),
  },
  {
    path: "/besok/:schoolId/:visitId/avslutt",
    component: lazy(() => import("../features/visits/close-visit-page.tsx").then(({ CloseVisitPage }) => ({ default: CloseVisitPage }))),
  },
  {
    path: "/besok/:schoolId/:visitId/drofting",
    component: lazy(() => import("../features/consultations/consultation-page.tsx").then(({ ConsultationPage }) => ({ default: ConsultationPage }))),
  },
  {
    path: "/saker/:schoolId/:caseId",
    component: lazy(() => import("../features/consultations/case-page.tsx").then(({ CasePage }) => ({ default: CasePage }))),
  },
  {
    path: "/meld-opp/:schoolId/:preRegistrationId?",
    component: lazy(() => import("../features/pre-registration/pre-register-page.tsx").then(({ PreRegisterPage }) => ({ default: PreRegisterPage }))),
  },
  {
    path: "/moter/:schoolId/:meetingId/led",
    component: lazy(() => import("../features/meetings/lead-page.tsx").then(({ LeadPage }) => ({ default: LeadPage }))),
  },
  {
    path: "/saker/:schoolId/:caseId/innsyn",
    component: lazy(() => import("../features/disclosure/disclosure-page.tsx").then(({ CaseDisclosurePage }) => ({ default: CaseDisclosurePage }))),
  },
  {
    path: "/moter/:schoolId/:meetingId/innsyn",
    component: lazy(() => import("../features/disclosure/disclosure-page.tsx").then(({ MeetingDisclosurePage }) => ({ default: MeetingDisclosurePage }))),
  },
  {
    path: "/forlop/:schoolId/:runId/innsyn",
    component: lazy(() => import("../features/disclosure/disclosure-page.tsx").then(({ RunDisclosurePage }) => ({ default: RunDisclosurePage }))),
  },
  {
    path: "/moter/:schoolId/:meetingId/ark",
    component: lazy(() => import("../features/meetings/take-home-page.tsx").then(({ TakeHomePage }) => ({ default: TakeHomePage }))),
  },
  { path: "/nokkelliste", component: lazy(() => import("../features/key-list/key-list-page.tsx").then(({ KeyListPage }) => ({ default: KeyListPage }))) },
  { path: "/oppfolging", component: lazy(() => import("../features/follow-up/follow-up-page.tsx").then(({ FollowUpPage }) => ({ default: FollowUpPage }))) },
  { path: "/skoler", component: lazy(() => import("../features/schools/schools-page.tsx").then(({ SchoolsPage }) => ({ default: SchoolsPage }))) },
  { path: "/skoler/ny", component: lazy(() => import("../features/schools/school-form-page.tsx").then(({ SchoolFormPage }) => ({ default: SchoolFormPage }))) },
  { path: "/skoler/:schoolId", component: lazy(() => import("../features/schools/school-page.tsx").then(({ SchoolPage }) => ({ default: SchoolPage }))) },
  {
    path: "/skoler/:schoolId/endre",
    component: lazy(() => import("../features/schools/school-form-page.tsx").then(({ SchoolFormPage }) => ({ default: SchoolFormPage }))),
  },
  { path: "/moter/ny", component: lazy(() => import("../features/meetings/meeting-form-page.tsx").then(({ NewMeetingPage }) => ({ default: NewMeetingPage }))) },
  { path: "/moter/:schoolId/ny", component: lazy(() => import("../features/meetings/meeting-form-page.tsx").then(({ MeetingFormPage }) => ({ default: MeetingFormPage }))) },
  { path: "/moter/:schoolId/:meetingId", component: lazy(() => import("../features/meetings/meeting-page.tsx").then(({ MeetingPage }) => ({ default: MeetingPage }))) },
  {
    path: "/moter/:schoolId/:meetingId/endre",
    component: lazy(() => import("../features/meetings/meeting-form-page.tsx").then(({ MeetingFormPage }) => ({ default: MeetingFormPage }))),
  },
  {
    path: "/moter/:schoolId/:meetingId/saksliste",
    component: lazy(() => import("../features/meetings/meeting-agenda-page.tsx").then(({ MeetingAgendaPage }) => ({ default: MeetingAgendaPage }))),
  },
  {
    path: "/skoler/:schoolId/sakslister/:type",
    component: lazy(() => import("../features/meetings/agenda-page.tsx").then(({ SchoolAgendaPage }) => ({ default: SchoolAgendaPage }))),
  },
  {
    path: "/sakslister/:type",
    component: lazy(() => import("../features/meetings/agenda-page.tsx").then(({ ServiceAgendaPage }) => ({ default: ServiceAgendaPage }))),
  },
  {
    path: "/skoler/:schoolId/rutiner/:routine",
    component: lazy(() => import("../features/routines/template-page.tsx").then(({ SchoolTemplatePage }) => ({ default: SchoolTemplatePage }))),
  },
  {
    path: "/rutiner/:routine",
    component: lazy(() => import("../features/routines/template-page.tsx").then(({ ServiceTemplatePage }) => ({ default: ServiceTemplatePage }))),
  },
  { path: "/forlop/:schoolId/ny", component: lazy(() => import("../features/routines/new-run-page.tsx").then(({ NewRunPage }) => ({ default: NewRunPage }))) },
  { path: "/forlop/:schoolId/:runId", component: lazy(() => import("../features/routines/run-page.tsx").then(({ RunPage }) => ({ default: RunPage }))) },
  { path: "/inviter", component: lazy(() => import("../features/space/invite-page.tsx").then(({ InvitePage }) => ({ default: InvitePage }))) },
  { path: "/ny-enhet", component: lazy(() => import("../features/space/new-device-page.tsx").then(({ NewDevicePage }) => ({ default: NewDevicePage }))) },
  { path: "/folk", component: lazy(() => import("../features/space/people-page.tsx").then(({ PeoplePage }) => ({ default: PeoplePage }))) },
  { path: "/folk/:personId", component: lazy(() => import("../features/space/person-page.tsx").then(({ PersonPage }) => ({ default: PersonPage }))) },
  { path: "/folk/:personId/fjern", component: lazy(() => import("../features/space/remove-page.tsx").then(({ RemovePage }) => ({ default: RemovePage }))) },
  { path: "/folk/:personId/rolle", component: lazy(() => import("../features/space/role-page.tsx").then(({ RolePage }) => ({ default: RolePage }))) },
  {
    path: "/saker/:schoolId/:caseId/slett-for-godt",
    component: lazy(() => import("../features/purge/ask-purge-page.tsx").then(({ AskCasePurgePage }) => ({ default: AskCasePurgePage }))),
  },
  {
    path: "/moter/:schoolId/:meetingId/slett-for-godt",
    component: lazy(() => import("../features/purge/ask-purge-page.tsx").then(({ AskMeetingPurgePage }) => ({ default: AskMeetingPurgePage }))),
  },
  {
    path: "/slett-for-godt/:roomId/:requestId",
    component: lazy(() => import("../features/purge/purge-page.tsx").then(({ PurgePage }) => ({ default: PurgePage }))),
  },
  {
    path: "/skolear/:year/:schoolId",
    component: lazy(() => import("../features/year-end/year-end-page.tsx").then(({ YearEndPage }) => ({ default: YearEndPage }))),
  },
  {
    path: "/skolear/:year/:schoolId/sak/:caseId",
    component: lazy(() => import("../features/year-end/past-school.tsx").then(({ PastCasePage }) => ({ default: PastCasePage }))),
  },
  {
    path: "/skolear/:year/:schoolId/mote/:meetingId",
    component: lazy(() => import("../features/year-end/past-school.tsx").then(({ PastMeetingPage }) => ({ default: PastMeetingPage }))),
  },
  {
    path: "/skolear/:year/:schoolId/forlop/:runId",
    component: lazy(() => import("../features/year-end/past-school.tsx").then(({ PastRunPage }) => ({ default: PastRunPage }))),
  },
  {
    path: "/saker/:schoolId/:caseId/hvem-har-sett",
    component: lazy(() => import("../features/access/access-page.tsx").then(({ CaseAccessPage }) => ({ default: CaseAccessPage }))),
  },
  {
    path: "/moter/:schoolId/:meetingId/hvem-har-sett",
    component: lazy(() => import("../features/access/access-page.tsx").then(({ MeetingAccessPage }) => ({ default: MeetingAccessPage }))),
  },
  { path: "/gjenopprettet", component: lazy(() => import("../features/space/restored-page.tsx").then(({ RestoredPage }) => ({ default: RestoredPage }))) },
  { path: "/forlatt/:roomId", component: lazy(() => import("../features/space/left-page.tsx").then(({ LeftPage }) => ({ default: LeftPage }))) },
  { path: "/innstillinger", component: lazy(() => import("../features/space/settings-page.tsx").then(({ SettingsPage }) => ({ default: SettingsPage }))) },
  { path: "/gjenopprettingskode", component: lazy(() => import("../features/space/renew-code-page.tsx").then(({ RenewCodePage }) => ({ default: RenewCodePage }))) },
  { path: "*", component: HomePage },
];
