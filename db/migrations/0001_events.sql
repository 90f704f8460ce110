-- Whoever writes a row tells whoever watches it: one trigger, so that no writer can forget. Payload: {"table","app","id"}.
CREATE FUNCTION phial_tell() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  seen jsonb := to_jsonb(COALESCE(NEW, OLD));
BEGIN
  PERFORM pg_notify('phial_events', jsonb_build_object(
    'table', TG_TABLE_NAME,
    'app', CASE WHEN TG_TABLE_NAME = 'apps' THEN seen->>'id' ELSE seen->>'app_id' END,
    'id', COALESCE(seen->>'id', seen->>'user_id'))::text);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER tell AFTER INSERT OR UPDATE OR DELETE ON apps FOR EACH ROW EXECUTE FUNCTION phial_tell();
--> statement-breakpoint
CREATE TRIGGER tell AFTER INSERT OR UPDATE OR DELETE ON permissions FOR EACH ROW EXECUTE FUNCTION phial_tell();
--> statement-breakpoint
CREATE TRIGGER tell AFTER INSERT OR UPDATE ON builds FOR EACH ROW EXECUTE FUNCTION phial_tell();
--> statement-breakpoint
CREATE TRIGGER tell AFTER INSERT ON releases FOR EACH ROW EXECUTE FUNCTION phial_tell();
--> statement-breakpoint
CREATE TRIGGER tell AFTER INSERT OR UPDATE ON rollouts FOR EACH ROW EXECUTE FUNCTION phial_tell();
--> statement-breakpoint
CREATE TRIGGER tell AFTER INSERT OR UPDATE OR DELETE ON replicas FOR EACH ROW EXECUTE FUNCTION phial_tell();
--> statement-breakpoint
-- Lines come in batches: one notice for each app (or build) and statement.
CREATE FUNCTION phial_tell_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('phial_events', jsonb_build_object('table', 'log_lines', 'app', app_id, 'id', NULL)::text)
  FROM (SELECT DISTINCT app_id FROM fresh) AS touched;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER tell AFTER INSERT ON log_lines REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION phial_tell_lines();
--> statement-breakpoint
CREATE FUNCTION phial_tell_output() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('phial_events', jsonb_build_object('table', 'build_output', 'app', app_id, 'id', build_id)::text)
  FROM (SELECT DISTINCT app_id, build_id FROM fresh) AS touched;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER tell AFTER INSERT ON build_output REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION phial_tell_output();
--> statement-breakpoint
CREATE FUNCTION phial_tell_wake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('phial_wakes', NEW.kind);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER tell AFTER INSERT OR UPDATE OF version ON wakes FOR EACH ROW EXECUTE FUNCTION phial_tell_wake();
