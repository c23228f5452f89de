CREATE TABLE "api_tokens" (
	"id" uuid PRIMARY KEY NOT NULL,
	"mentor_id" uuid NOT NULL,
	"name" text NOT NULL,
	"token_hash" text NOT NULL,
	"scopes" text[] NOT NULL,
	"created_at" timestamptz(3) NOT NULL,
	"last_used_at" timestamptz(3),
	"revoked_at" timestamptz(3),
	CONSTRAINT "api_tokens_hash_once" UNIQUE("token_hash"),
	CONSTRAINT "api_tokens_name_length" CHECK (char_length("api_tokens"."name") between 1 and 60),
	CONSTRAINT "api_tokens_scopes_known" CHECK (cardinality("api_tokens"."scopes") > 0 and "api_tokens"."scopes" <@ array['availability:write', 'bookings:read', 'bookings:write'])
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"key" text NOT NULL,
	"actor_key" text NOT NULL,
	"request_hash" text NOT NULL,
	"answer" jsonb NOT NULL,
	"created_at" timestamptz(3) NOT NULL,
	"expires_at" timestamptz(3) NOT NULL,
	CONSTRAINT "idempotency_keys_once" PRIMARY KEY("key")
);
--> statement-breakpoint
ALTER TABLE "api_tokens" ADD CONSTRAINT "api_tokens_mentor_id_mentors_id_fk" FOREIGN KEY ("mentor_id") REFERENCES "public"."mentors"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "api_tokens_by_mentor" ON "api_tokens" USING btree ("mentor_id","created_at");--> statement-breakpoint
CREATE INDEX "idempotency_keys_expired" ON "idempotency_keys" USING btree ("expires_at");
--> statement-breakpoint
-- Only when a token was used last, and that it is revoked, changes; nobody deletes one but with its mentor.
GRANT SELECT, INSERT, UPDATE ("last_used_at", "revoked_at") ON "api_tokens" TO slotwell_runtime;
--> statement-breakpoint
GRANT SELECT, INSERT, DELETE ON "idempotency_keys" TO slotwell_runtime;
--> statement-breakpoint
DO $$ DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['api_tokens', 'idempotency_keys']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY owner_all ON %I TO %I USING (true) WITH CHECK (true)', t, current_user);
  END LOOP;
END $$;
--> statement-breakpoint
-- The system finds whose a token is, by its hash, and notes that it was used.
CREATE POLICY staff_all ON "api_tokens" TO slotwell_runtime
  USING (slotwell_is_staff()) WITH CHECK (slotwell_is_staff());
--> statement-breakpoint
CREATE POLICY mentor_owns ON "api_tokens" TO slotwell_runtime
  USING (slotwell_actor() = 'mentor' AND "mentor_id"::text = slotwell_key())
  WITH CHECK (slotwell_actor() = 'mentor' AND "mentor_id"::text = slotwell_key());
--> statement-breakpoint
CREATE POLICY system_all ON "idempotency_keys" TO slotwell_runtime
  USING (slotwell_actor() = 'system') WITH CHECK (slotwell_actor() = 'system');
--> statement-breakpoint
CREATE POLICY own_requests_found ON "idempotency_keys" FOR SELECT TO slotwell_runtime
  USING (slotwell_actor() IN ('visitor', 'mentor') AND "actor_key" = slotwell_key());
--> statement-breakpoint
CREATE POLICY own_requests_kept ON "idempotency_keys" FOR INSERT TO slotwell_runtime
  WITH CHECK (slotwell_actor() IN ('visitor', 'mentor') AND "actor_key" = slotwell_key());
--> statement-breakpoint
-- When the newest migration that was applied was made (epoch milliseconds, as in its journal): what readiness compares.
CREATE FUNCTION slotwell_migrated_to() RETURNS bigint
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_temp AS
  $$ BEGIN RETURN (SELECT max(created_at) FROM drizzle.__drizzle_migrations); END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION slotwell_migrated_to FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION slotwell_migrated_to TO slotwell_runtime;
