CREATE TRIGGER tell AFTER INSERT OR UPDATE ON one_offs FOR EACH ROW EXECUTE FUNCTION phial_tell();
--> statement-breakpoint
-- Settings that came later get their defaults in the apps that were there before them; what people chose stays.
UPDATE apps SET settings = jsonb_build_object(
  'check', '{"expectedStatus": "200-399"}'::jsonb || (settings->'check'),
  'rollout', '{"waitSeconds": 0, "strategy": "rolling", "configChanges": "now"}'::jsonb || (settings->'rollout'),
  'releaseCommand', '{"command": "", "timeLimitSeconds": 600}'::jsonb || COALESCE(settings->'releaseCommand', '{}'::jsonb));
