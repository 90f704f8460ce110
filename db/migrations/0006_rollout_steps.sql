CREATE TYPE "public"."one_off_kind" AS ENUM('command', 'migration', 'release_command');--> statement-breakpoint
CREATE TYPE "public"."one_off_state" AS ENUM('waiting', 'running', 'succeeded', 'failed', 'cancelled');--> statement-breakpoint
ALTER TYPE "public"."rollout_state" ADD VALUE 'releasing' BEFORE 'starting';--> statement-breakpoint
ALTER TYPE "public"."rollout_state" ADD VALUE 'upgrading' BEFORE 'checking';--> statement-breakpoint
ALTER TYPE "public"."rollout_state" ADD VALUE 'reverted' BEFORE 'failed';--> statement-breakpoint
ALTER TYPE "public"."rollout_state" ADD VALUE 'cancelled' BEFORE 'superseded';--> statement-breakpoint
CREATE TABLE "one_offs" (
	"id" text PRIMARY KEY NOT NULL,
	"app_id" uuid NOT NULL,
	"kind" "one_off_kind" NOT NULL,
	"release_id" uuid NOT NULL,
	"rollout_id" uuid,
	"command" jsonb NOT NULL,
	"size" numeric(5, 1) NOT NULL,
	"time_limit_seconds" integer NOT NULL,
	"state" "one_off_state" DEFAULT 'waiting' NOT NULL,
	"exit_code" integer,
	"reason" text,
	"user_id" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"cancel_requested_at" timestamp with time zone,
	CONSTRAINT "one_offs_rolloutId_unique" UNIQUE("rollout_id")
);
--> statement-breakpoint
ALTER TABLE "replicas" ADD COLUMN "open_requests" integer;--> statement-breakpoint
ALTER TABLE "replicas" ADD COLUMN "open_sockets" integer;--> statement-breakpoint
ALTER TABLE "rollouts" ADD COLUMN "strategy" text DEFAULT 'rolling' NOT NULL;--> statement-breakpoint
ALTER TABLE "rollouts" ADD COLUMN "fallback_reason" text;--> statement-breakpoint
ALTER TABLE "rollouts" ADD COLUMN "cancel_requested_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "rollouts" ADD COLUMN "cancelled_by" uuid;--> statement-breakpoint
ALTER TABLE "one_offs" ADD CONSTRAINT "one_offs_app_id_apps_id_fk" FOREIGN KEY ("app_id") REFERENCES "public"."apps"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "one_offs" ADD CONSTRAINT "one_offs_release_id_releases_id_fk" FOREIGN KEY ("release_id") REFERENCES "public"."releases"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "one_offs" ADD CONSTRAINT "one_offs_rollout_id_rollouts_id_fk" FOREIGN KEY ("rollout_id") REFERENCES "public"."rollouts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "one_offs" ADD CONSTRAINT "one_offs_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "one_offs_app_id_created_at_index" ON "one_offs" USING btree ("app_id","created_at");--> statement-breakpoint
CREATE INDEX "one_offs_state_index" ON "one_offs" USING btree ("state");--> statement-breakpoint
ALTER TABLE "rollouts" ADD CONSTRAINT "rollouts_cancelled_by_users_id_fk" FOREIGN KEY ("cancelled_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;