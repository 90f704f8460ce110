DROP INDEX "ssh_keys_user_id_index";--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "origin" text DEFAULT 'person' NOT NULL;--> statement-breakpoint
ALTER TABLE "ssh_keys" ADD CONSTRAINT "ssh_keys_userId_fingerprint_unique" UNIQUE("user_id","fingerprint");