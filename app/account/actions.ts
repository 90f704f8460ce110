"use server"

import * as accounts from "@/server/accounts"
import {
  AddSshKeyInput,
  ApiKeyIdInput,
  ChangePasswordInput,
  CreateApiKeyInput,
  NoInput,
  SessionIdInput,
  SshKeyIdInput,
} from "@/server/accounts/schema"
import { action } from "@/server/next/action"

export const changePassword = action(ChangePasswordInput, accounts.changePassword)

export const addSshKey = action(AddSshKeyInput, accounts.addSshKey)
export const removeSshKey = action(SshKeyIdInput, accounts.removeSshKey)

/** The answer holds the key, this once. */
export const createApiKey = action(CreateApiKeyInput, accounts.createApiKey)
export const revokeApiKey = action(ApiKeyIdInput, accounts.revokeApiKey)

export const revokeSession = action(SessionIdInput, accounts.revokeSession)
export const revokeOtherSessions = action(NoInput, accounts.revokeOtherSessions)
