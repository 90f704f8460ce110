import type { RolloutInfo, RolloutView } from "@/server/releases"

/** A rollout in a list of them. */
export function rolloutLineShape(rollout: RolloutInfo & { version: number }) {
  return {
    ...outcomeShape(rollout),
    created_at: rollout.createdAt.toISOString(),
    live_at: rollout.liveAt?.toISOString() ?? null,
    ended_at: rollout.endedAt?.toISOString() ?? null,
  }
}

/** All of one rollout. */
export function rolloutShape(rollout: RolloutView) {
  return {
    ...outcomeShape(rollout),
    created_at: rollout.createdAt,
    live_at: rollout.liveAt,
    ended_at: rollout.endedAt,
    created_by: rollout.by,
    strategy: rollout.strategy,
    fallback_reason: rollout.fallbackReason,
    cancel_requested_at: rollout.cancelRequestedAt,
    cancelled_by: rollout.cancelledBy,
    replicas_desired: rollout.replicas.wanted,
    replicas_healthy: rollout.replicas.healthy,
    draining: rollout.draining.map(({ id, openRequests, openSockets }) => ({
      ...{ name: id, open_requests: openRequests, open_sockets: openSockets },
    })),
    release_command: rollout.releaseCommand && commandShape(rollout.releaseCommand),
    serving_version: rollout.servingVersion,
    usual_seconds: rollout.usual.seconds,
    usual_step_seconds: rollout.usual.stepSeconds,
  }
}

type Outcome = Pick<RolloutView, "id" | "kind" | "state" | "version" | "steps" | "reason" | "lastLines">

function outcomeShape({ id, kind, state, version, steps, reason, lastLines }: Outcome) {
  return {
    ...{ id, kind, state, version, reason },
    last_lines: lastLines,
    steps: steps.map((step) => ({ name: step.name, started_at: step.startedAt, ended_at: step.endedAt, reason: step.reason ?? null })),
  }
}

function commandShape(command: NonNullable<RolloutView["releaseCommand"]>) {
  const { id, state, reason } = command
  return {
    ...{ id, state, reason, command: command.command },
    exit_code: command.exitCode,
    time_limit_seconds: command.timeLimitSeconds,
    started_at: command.startedAt,
    ended_at: command.endedAt,
  }
}
