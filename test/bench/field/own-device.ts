import { createDevice } from "../../support/device.ts";
import { answerCommands, countTraffic, traffic } from "../processes.ts";
import { createFieldCommands } from "./own-commands.ts";

// One device of ours on memory storage, as a process of its own.

countTraffic();
answerCommands(createFieldCommands({ openDevice: (relay) => createDevice(relay), traffic }));
