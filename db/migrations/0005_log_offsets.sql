CREATE TABLE "log_offsets" (
	"replica" text PRIMARY KEY NOT NULL,
	"file" text NOT NULL,
	"position" bigint NOT NULL,
	"partial" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
