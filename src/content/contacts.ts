/** Numbers and addresses that are the same in the whole country. Looked up 22 November 2026. */

/** KS' Nasjonal portal for bekymringsmelding, the page for those who have a duty to report. Source: ksdif.no, 9 January 2023. */
export const reportPortalUrl = "https://bekymringsmelding.fiks.ks.no/offentlig";

/** When life or health is in danger. */
export const policeEmergencyNumber = "112";
/** Alarmtelefonen for barn og unge: open day and night, also for adults who worry. Source: 116111.no. */
export const childAlarmNumber = "116 111";
