ALTER TABLE "rollouts" ADD COLUMN "replicas" integer NOT NULL;--> statement-breakpoint
ALTER TABLE "rollouts" ADD COLUMN "size" numeric(5, 1) NOT NULL;