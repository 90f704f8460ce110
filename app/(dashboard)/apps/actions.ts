"use server"

import {
  changeSettings as changeSettingsVerb,
  createApp as createAppVerb,
  deleteApp as deleteAppVerb,
  killReplica as killReplicaVerb,
  restartApp as restartAppVerb,
  restartReplica as restartReplicaVerb,
  scaleApp as scaleAppVerb,
  setMaintenance as setMaintenanceVerb,
  setStack as setStackVerb,
} from "@/server/apps"
import {
  ChangeSettingsInput,
  CreateAppInput,
  DeleteAppInput,
  KillReplicaInput,
  RestartAppInput,
  RestartReplicaInput,
  ScaleAppInput,
  SetMaintenanceInput,
  SetStackInput,
} from "@/server/apps/schema"
import { cancelBuild as cancelBuildVerb } from "@/server/builds"
import { CancelBuildInput } from "@/server/builds/schema"
import {
  applyHeldConfig as applyHeldConfigVerb,
  changeConfig as changeConfigVerb,
  readConfig as readConfigVerb,
  restoreConfig as restoreConfigVerb,
  revealConfig as revealConfigVerb,
} from "@/server/config"
import { ApplyHeldConfigInput, ChangeConfigInput, ReadConfigInput, RestoreConfigInput, RevealConfigInput } from "@/server/config/schema"
import { action } from "@/server/next/action"
import { cancelOneOff as cancelOneOffVerb, runOneOff as runOneOffVerb } from "@/server/one-offs"
import { CancelOneOffInput, RunOneOffInput } from "@/server/one-offs/schema"
import { cancelRollout as cancelRolloutVerb, rollback as rollbackVerb } from "@/server/releases"
import { CancelRolloutInput, RollbackInput } from "@/server/releases/schema"

export const createApp = action(CreateAppInput, createAppVerb)
export const scaleApp = action(ScaleAppInput, scaleAppVerb)
export const restartApp = action(RestartAppInput, restartAppVerb)
/** Answers nothing: the page learns of the rollout by itself. */
export const restartReplica = action(RestartReplicaInput, async (ctx, input) => void (await restartReplicaVerb(ctx, input)))
export const setMaintenance = action(SetMaintenanceInput, setMaintenanceVerb)
export const setStack = action(SetStackInput, setStackVerb)
export const changeSettings = action(ChangeSettingsInput, changeSettingsVerb)
export const killReplica = action(KillReplicaInput, killReplicaVerb)
export const deleteApp = action(DeleteAppInput, deleteAppVerb)

export const changeConfig = action(ChangeConfigInput, changeConfigVerb)
/** Rolls out what was held until the next deploy. */
export const applyHeldConfig = action(ApplyHeldConfigInput, applyHeldConfigVerb)
export const restoreConfig = action(RestoreConfigInput, restoreConfigVerb)
/** Shows secrets, hence an action: each use leaves an audit row. */
export const revealConfig = action(RevealConfigInput, revealConfigVerb)
/** All values at once, for the export. */
export const readConfig = action(ReadConfigInput, readConfigVerb)

export const rollback = action(RollbackInput, rollbackVerb)
export const cancelRollout = action(CancelRolloutInput, cancelRolloutVerb)
export const cancelBuild = action(CancelBuildInput, cancelBuildVerb)

/** @returns its name, by which its page is found. */
export const runOneOff = action(RunOneOffInput, async (ctx, input) => ({ id: (await runOneOffVerb(ctx, input)).id }))
export const cancelOneOff = action(CancelOneOffInput, cancelOneOffVerb)
