CREATE TABLE "accounts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"role" text NOT NULL,
	"sign_in_version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamptz(3) NOT NULL,
	CONSTRAINT "accounts_email_once" UNIQUE("email"),
	CONSTRAINT "accounts_role_known" CHECK ("accounts"."role" in ('mentor', 'admin')),
	CONSTRAINT "accounts_email_lower" CHECK ("accounts"."email" = lower("accounts"."email"))
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audit_log_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamptz(3) NOT NULL,
	"actor" text NOT NULL,
	"actor_id" text,
	"action" text NOT NULL,
	"subject_type" text NOT NULL,
	"subject_id" text NOT NULL,
	"details" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "booking_notifications" (
	"id" uuid PRIMARY KEY NOT NULL,
	"booking_id" uuid NOT NULL,
	"type" text NOT NULL,
	"channel" text NOT NULL,
	"recipient" text NOT NULL,
	"sequence" integer NOT NULL,
	"due_at" timestamptz(3) NOT NULL,
	"enqueued_at" timestamptz(3),
	"attempts" integer DEFAULT 0 NOT NULL,
	"sent_at" timestamptz(3),
	"failed_at" timestamptz(3),
	"withdrawn_at" timestamptz(3),
	"error" text,
	"provider_id" text,
	"created_at" timestamptz(3) NOT NULL,
	CONSTRAINT "booking_notifications_once" UNIQUE("booking_id","type","channel","recipient","sequence"),
	CONSTRAINT "booking_notifications_type_known" CHECK ("booking_notifications"."type" in ('confirmed', 'rescheduled', 'cancelled', 'reminder-24h', 'reminder-1h')),
	CONSTRAINT "booking_notifications_channel_known" CHECK ("booking_notifications"."channel" in ('mail')),
	CONSTRAINT "booking_notifications_recipient_known" CHECK ("booking_notifications"."recipient" in ('booker', 'mentor'))
);
--> statement-breakpoint
CREATE TABLE "bookings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"mentor_id" uuid NOT NULL,
	"session_type_id" uuid NOT NULL,
	"starts_at" timestamptz(3) NOT NULL,
	"ends_at" timestamptz(3) NOT NULL,
	"reserved" "tstzrange" NOT NULL,
	"status" text NOT NULL,
	"hold_expires_at" timestamptz(3),
	"name" text NOT NULL,
	"email" text NOT NULL,
	"phone" text,
	"message" text,
	"answers" jsonb NOT NULL,
	"guests" text[] NOT NULL,
	"time_zone" text NOT NULL,
	"locale" text NOT NULL,
	"ical_uid" text NOT NULL,
	"ical_sequence" integer DEFAULT 0 NOT NULL,
	"manage_token_hash" text NOT NULL,
	"request_key" text NOT NULL,
	"cancelled_by" text,
	"cancelled_at" timestamptz(3),
	"cancellation_reason" text,
	"rescheduled_at" timestamptz(3),
	"created_at" timestamptz(3) NOT NULL,
	"updated_at" timestamptz(3) NOT NULL,
	CONSTRAINT "bookings_manage_token_once" UNIQUE("manage_token_hash"),
	CONSTRAINT "bookings_ical_uid_once" UNIQUE("ical_uid"),
	CONSTRAINT "bookings_times_ordered" CHECK ("bookings"."starts_at" < "bookings"."ends_at"),
	CONSTRAINT "bookings_reserved_covers" CHECK ("bookings"."reserved" @> tstzrange("bookings"."starts_at", "bookings"."ends_at")),
	CONSTRAINT "bookings_reserved_bounded" CHECK (coalesce(lower_inc("bookings"."reserved") and not upper_inc("bookings"."reserved")
        and "bookings"."starts_at" - lower("bookings"."reserved") <= interval '12 hours'
        and upper("bookings"."reserved") - "bookings"."ends_at" <= interval '12 hours', false)),
	CONSTRAINT "bookings_status_known" CHECK ("bookings"."status" in ('pending', 'confirmed', 'cancelled', 'completed', 'no_show')),
	CONSTRAINT "bookings_cancelled_whole" CHECK (("bookings"."status" = 'cancelled') = ("bookings"."cancelled_at" is not null and "bookings"."cancelled_by" is not null)),
	CONSTRAINT "bookings_cancelled_by_known" CHECK ("bookings"."cancelled_by" is null or "bookings"."cancelled_by" in ('booker', 'mentor', 'admin', 'system')),
	CONSTRAINT "bookings_message_length" CHECK ("bookings"."message" is null or char_length("bookings"."message") <= 500),
	CONSTRAINT "bookings_name_length" CHECK (char_length("bookings"."name") between 1 and 100)
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"body" jsonb NOT NULL,
	"dedup_key" text NOT NULL,
	"run_at" timestamptz(3) NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"locked_until" timestamptz(3),
	"done_at" timestamptz(3),
	"failed_at" timestamptz(3),
	"error" text,
	"created_at" timestamptz(3) NOT NULL,
	CONSTRAINT "jobs_dedup_once" UNIQUE("dedup_key")
);
--> statement-breakpoint
CREATE TABLE "mentor_availability" (
	"id" uuid PRIMARY KEY NOT NULL,
	"mentor_id" uuid NOT NULL,
	"day_of_week" smallint NOT NULL,
	"start_time" time NOT NULL,
	"end_time" time NOT NULL,
	"is_active" boolean DEFAULT true NOT NULL,
	CONSTRAINT "mentor_availability_day_known" CHECK ("mentor_availability"."day_of_week" between 0 and 6),
	CONSTRAINT "mentor_availability_times_ordered" CHECK ("mentor_availability"."start_time" < "mentor_availability"."end_time")
);
--> statement-breakpoint
CREATE TABLE "mentor_availability_overrides" (
	"id" uuid PRIMARY KEY NOT NULL,
	"mentor_id" uuid NOT NULL,
	"date" date NOT NULL,
	"is_available" boolean NOT NULL,
	"start_time" time,
	"end_time" time,
	"reason" text,
	CONSTRAINT "mentor_availability_overrides_times_ordered" CHECK (("mentor_availability_overrides"."is_available" and "mentor_availability_overrides"."start_time" is not null and "mentor_availability_overrides"."end_time" is not null and "mentor_availability_overrides"."start_time" < "mentor_availability_overrides"."end_time")
        or (not "mentor_availability_overrides"."is_available" and "mentor_availability_overrides"."start_time" is null and "mentor_availability_overrides"."end_time" is null))
);
--> statement-breakpoint
CREATE TABLE "mentors" (
	"id" uuid PRIMARY KEY NOT NULL,
	"account_id" uuid NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"native_name" text,
	"native_name_lang" text,
	"headline" text NOT NULL,
	"summary" text NOT NULL,
	"bio" text NOT NULL,
	"languages" text[] NOT NULL,
	"photo" text,
	"time_zone" text NOT NULL,
	"locale" text NOT NULL,
	"is_listed" boolean DEFAULT true NOT NULL,
	"external_booking_url" text,
	"created_at" timestamptz(3) NOT NULL,
	CONSTRAINT "mentors_account_once" UNIQUE("account_id"),
	CONSTRAINT "mentors_slug_once" UNIQUE("slug")
);
--> statement-breakpoint
CREATE TABLE "rate_limit_counters" (
	"key" text NOT NULL,
	"window_start" timestamptz(3) NOT NULL,
	"count" integer NOT NULL,
	"expires_at" timestamptz(3) NOT NULL,
	CONSTRAINT "rate_limit_counters_pk" PRIMARY KEY("key","window_start")
);
--> statement-breakpoint
CREATE TABLE "session_types" (
	"id" uuid PRIMARY KEY NOT NULL,
	"mentor_id" uuid NOT NULL,
	"slug" text NOT NULL,
	"title" text NOT NULL,
	"description" text NOT NULL,
	"duration_minutes" integer NOT NULL,
	"buffer_before_minutes" integer DEFAULT 0 NOT NULL,
	"buffer_after_minutes" integer DEFAULT 0 NOT NULL,
	"slot_step" text DEFAULT 'duration' NOT NULL,
	"minimum_notice_minutes" integer NOT NULL,
	"horizon_days" integer NOT NULL,
	"max_per_day" integer,
	"max_per_week" integer,
	"location_kind" text NOT NULL,
	"location_detail" text,
	"price_kind" text DEFAULT 'free' NOT NULL,
	"price_minor" integer,
	"currency" text,
	"requires_approval" boolean DEFAULT false NOT NULL,
	"questions" jsonb NOT NULL,
	"is_active" boolean DEFAULT true NOT NULL,
	"position" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "session_types_slug_once" UNIQUE("mentor_id","slug"),
	CONSTRAINT "session_types_mentor_known" UNIQUE("id","mentor_id"),
	CONSTRAINT "session_types_duration_range" CHECK ("session_types"."duration_minutes" between 5 and 720),
	CONSTRAINT "session_types_buffers_range" CHECK ("session_types"."buffer_before_minutes" between 0 and 720 and "session_types"."buffer_after_minutes" between 0 and 720),
	CONSTRAINT "session_types_horizon_range" CHECK ("session_types"."horizon_days" between 1 and 730),
	CONSTRAINT "session_types_notice_range" CHECK ("session_types"."minimum_notice_minutes" between 0 and 525600),
	CONSTRAINT "session_types_slot_step_known" CHECK ("session_types"."slot_step" in ('duration', 'back-to-back', '5', '10', '15', '20', '30', '60')),
	CONSTRAINT "session_types_location_known" CHECK ("session_types"."location_kind" in ('video', 'phone', 'in-person')),
	CONSTRAINT "session_types_price_whole" CHECK (("session_types"."price_kind" = 'free' and "session_types"."price_minor" is null and "session_types"."currency" is null)
        or ("session_types"."price_kind" in ('fixed', 'donation') and "session_types"."price_minor" is not null and "session_types"."price_minor" > 0
          and "session_types"."currency" is not null)),
	CONSTRAINT "session_types_caps_positive" CHECK (coalesce("session_types"."max_per_day", 1) > 0 and coalesce("session_types"."max_per_week", 1) > 0)
);
--> statement-breakpoint
CREATE TABLE "sign_in_codes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"account_id" uuid NOT NULL,
	"code_hash" text NOT NULL,
	"expires_at" timestamptz(3) NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"used_at" timestamptz(3),
	"created_at" timestamptz(3) NOT NULL
);
--> statement-breakpoint
ALTER TABLE "booking_notifications" ADD CONSTRAINT "booking_notifications_booking_id_bookings_id_fk" FOREIGN KEY ("booking_id") REFERENCES "public"."bookings"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_mentor_id_mentors_id_fk" FOREIGN KEY ("mentor_id") REFERENCES "public"."mentors"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_type_of_mentor" FOREIGN KEY ("session_type_id","mentor_id") REFERENCES "public"."session_types"("id","mentor_id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mentor_availability" ADD CONSTRAINT "mentor_availability_mentor_id_mentors_id_fk" FOREIGN KEY ("mentor_id") REFERENCES "public"."mentors"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mentor_availability_overrides" ADD CONSTRAINT "mentor_availability_overrides_mentor_id_mentors_id_fk" FOREIGN KEY ("mentor_id") REFERENCES "public"."mentors"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mentors" ADD CONSTRAINT "mentors_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "session_types" ADD CONSTRAINT "session_types_mentor_id_mentors_id_fk" FOREIGN KEY ("mentor_id") REFERENCES "public"."mentors"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sign_in_codes" ADD CONSTRAINT "sign_in_codes_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_log_by_subject" ON "audit_log" USING btree ("subject_type","subject_id");--> statement-breakpoint
CREATE INDEX "booking_notifications_open" ON "booking_notifications" USING btree ("due_at") WHERE "booking_notifications"."sent_at" is null and "booking_notifications"."failed_at" is null and "booking_notifications"."withdrawn_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "bookings_request_once" ON "bookings" USING btree ("request_key") WHERE "bookings"."status" in ('pending', 'confirmed');--> statement-breakpoint
CREATE INDEX "bookings_by_mentor_start" ON "bookings" USING btree ("mentor_id","starts_at");--> statement-breakpoint
CREATE INDEX "bookings_by_email_made" ON "bookings" USING btree (lower("email"),"created_at");--> statement-breakpoint
CREATE INDEX "bookings_by_mentor_made" ON "bookings" USING btree ("mentor_id","created_at");--> statement-breakpoint
CREATE INDEX "jobs_open" ON "jobs" USING btree ("run_at") WHERE "jobs"."done_at" is null and "jobs"."failed_at" is null;--> statement-breakpoint
CREATE INDEX "rate_limit_counters_expired" ON "rate_limit_counters" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "sign_in_codes_by_account" ON "sign_in_codes" USING btree ("account_id","created_at");--> statement-breakpoint
CREATE EXTENSION IF NOT EXISTS btree_gist;
--> statement-breakpoint
-- Overlapping bookings cannot exist, whatever the code does; a cancelled one frees its time.
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_no_overlap"
  EXCLUDE USING gist ("mentor_id" WITH =, "reserved" WITH &&) WHERE ("status" IN ('pending', 'confirmed'));
--> statement-breakpoint
ALTER TABLE "mentor_availability" ADD CONSTRAINT "mentor_availability_no_overlap"
  EXCLUDE USING gist (
    "mentor_id" WITH =,
    "day_of_week" WITH =,
    int4range((extract(epoch from "start_time") / 60)::int, (extract(epoch from "end_time") / 60)::int) WITH &&
  );
--> statement-breakpoint
ALTER TABLE "mentor_availability_overrides" ADD CONSTRAINT "mentor_availability_overrides_no_overlap"
  EXCLUDE USING gist (
    "mentor_id" WITH =,
    "date" WITH =,
    (CASE WHEN "is_available"
      THEN int4range((extract(epoch from "start_time") / 60)::int, (extract(epoch from "end_time") / 60)::int)
      ELSE int4range(0, 1440) END) WITH &&
  );
--> statement-breakpoint
-- A setting once set reads '' in later transactions of its connection, so both are made null.
CREATE FUNCTION slotwell_actor() RETURNS text LANGUAGE sql STABLE AS
  $$ SELECT nullif(current_setting('slotwell.actor', true), '') $$;
--> statement-breakpoint
CREATE FUNCTION slotwell_key() RETURNS text LANGUAGE sql STABLE AS
  $$ SELECT nullif(current_setting('slotwell.key', true), '') $$;
--> statement-breakpoint
CREATE FUNCTION slotwell_is_staff() RETURNS boolean LANGUAGE sql STABLE AS
  $$ SELECT coalesce(slotwell_actor() IN ('system', 'admin'), false) $$;
--> statement-breakpoint
-- What a visitor may know of bookings and of special days: when, never who or why; and nothing without an actor.
CREATE VIEW "reserved_times" AS
  SELECT "mentor_id", "session_type_id", "starts_at", "ends_at",
         lower("reserved")::timestamptz(3) AS "reserved_from", upper("reserved")::timestamptz(3) AS "reserved_to"
  FROM "bookings" WHERE "status" IN ('pending', 'confirmed') AND slotwell_actor() IS NOT NULL;
--> statement-breakpoint
CREATE VIEW "override_hours" AS
  SELECT "mentor_id", "date", "is_available", "start_time", "end_time" FROM "mentor_availability_overrides"
  WHERE slotwell_actor() IS NOT NULL;
--> statement-breakpoint
-- Roles belong to the whole server: another database of it may have made this one.
DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'slotwell_runtime') THEN
    CREATE ROLE slotwell_runtime NOLOGIN;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
--> statement-breakpoint
-- Whoever migrates works as that role. One who may not grant it has to have been given it: the last line asks.
DO $$ BEGIN
  BEGIN
    EXECUTE format('GRANT slotwell_runtime TO %I', current_user);
  EXCEPTION WHEN insufficient_privilege THEN NULL;
  END;
  SET LOCAL ROLE slotwell_runtime;
  RESET ROLE;
END $$;
--> statement-breakpoint
GRANT USAGE ON SCHEMA public TO slotwell_runtime;
--> statement-breakpoint
GRANT SELECT, INSERT, DELETE ON "mentors", "bookings" TO slotwell_runtime;
--> statement-breakpoint
-- Whose account a mentor is, and whose a booking is and by what name calendars know it, nobody changes.
GRANT UPDATE ("slug", "name", "native_name", "native_name_lang", "headline", "summary", "bio", "languages", "photo",
  "time_zone", "locale", "is_listed", "external_booking_url") ON "mentors" TO slotwell_runtime;
--> statement-breakpoint
GRANT UPDATE ("session_type_id", "starts_at", "ends_at", "reserved", "status", "hold_expires_at", "name", "email",
  "phone", "message", "answers", "guests", "time_zone", "locale", "ical_sequence", "manage_token_hash", "request_key",
  "cancelled_by", "cancelled_at", "cancellation_reason", "rescheduled_at", "updated_at")
  ON "bookings" TO slotwell_runtime;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON
  "accounts", "session_types", "mentor_availability", "mentor_availability_overrides",
  "booking_notifications", "jobs", "rate_limit_counters", "sign_in_codes"
  TO slotwell_runtime;
--> statement-breakpoint
GRANT SELECT ON "reserved_times", "override_hours" TO slotwell_runtime;
--> statement-breakpoint
GRANT SELECT, INSERT ON "audit_log" TO slotwell_runtime;
--> statement-breakpoint
-- What the limits count: when the bookings of an address, or with a mentor, were made. Nothing else leaves them.
CREATE FUNCTION slotwell_bookings_made_by(booker_email text, since timestamptz) RETURNS SETOF timestamptz
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
  $$ SELECT "created_at" FROM "bookings" WHERE lower("email") = lower(booker_email) AND "created_at" > since
       AND slotwell_actor() IS NOT NULL ORDER BY 1 DESC LIMIT 100 $$;
--> statement-breakpoint
CREATE FUNCTION slotwell_bookings_made_with(mentor uuid, since timestamptz) RETURNS SETOF timestamptz
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
  $$ SELECT "created_at" FROM "bookings" WHERE "mentor_id" = mentor AND "created_at" > since
       AND slotwell_actor() IS NOT NULL ORDER BY 1 DESC LIMIT 100 $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION slotwell_bookings_made_by, slotwell_bookings_made_with FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION slotwell_bookings_made_by, slotwell_bookings_made_with TO slotwell_runtime;
--> statement-breakpoint
-- FORCE holds the owner to the policies too; migrations and the two views work through this one.
DO $$ DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['accounts', 'mentors', 'session_types', 'mentor_availability',
    'mentor_availability_overrides', 'bookings', 'booking_notifications', 'jobs', 'rate_limit_counters', 'sign_in_codes', 'audit_log']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY owner_all ON %I TO %I USING (true) WITH CHECK (true)', t, current_user);
  END LOOP;
END $$;
--> statement-breakpoint
CREATE POLICY staff_all ON "accounts" TO slotwell_runtime
  USING (slotwell_is_staff()) WITH CHECK (slotwell_is_staff());
--> statement-breakpoint
CREATE POLICY mentor_reads_own ON "accounts" FOR SELECT TO slotwell_runtime
  USING (slotwell_actor() = 'mentor'
    AND EXISTS (SELECT 1 FROM "mentors" m WHERE m."account_id" = "accounts"."id" AND m."id"::text = slotwell_key()));
--> statement-breakpoint
CREATE POLICY everyone_reads ON "mentors" FOR SELECT TO slotwell_runtime USING (slotwell_actor() IS NOT NULL);
--> statement-breakpoint
CREATE POLICY staff_all ON "mentors" TO slotwell_runtime
  USING (slotwell_is_staff()) WITH CHECK (slotwell_is_staff());
--> statement-breakpoint
CREATE POLICY mentor_changes_own ON "mentors" FOR UPDATE TO slotwell_runtime
  USING (slotwell_actor() = 'mentor' AND "id"::text = slotwell_key())
  WITH CHECK (slotwell_actor() = 'mentor' AND "id"::text = slotwell_key());
--> statement-breakpoint
CREATE POLICY everyone_reads ON "session_types" FOR SELECT TO slotwell_runtime USING (slotwell_actor() IS NOT NULL);
--> statement-breakpoint
CREATE POLICY staff_all ON "session_types" TO slotwell_runtime
  USING (slotwell_is_staff()) WITH CHECK (slotwell_is_staff());
--> statement-breakpoint
CREATE POLICY mentor_owns ON "session_types" TO slotwell_runtime
  USING (slotwell_actor() = 'mentor' AND "mentor_id"::text = slotwell_key())
  WITH CHECK (slotwell_actor() = 'mentor' AND "mentor_id"::text = slotwell_key());
--> statement-breakpoint
CREATE POLICY everyone_reads ON "mentor_availability" FOR SELECT TO slotwell_runtime USING (slotwell_actor() IS NOT NULL);
--> statement-breakpoint
CREATE POLICY staff_all ON "mentor_availability" TO slotwell_runtime
  USING (slotwell_is_staff()) WITH CHECK (slotwell_is_staff());
--> statement-breakpoint
CREATE POLICY mentor_owns ON "mentor_availability" TO slotwell_runtime
  USING (slotwell_actor() = 'mentor' AND "mentor_id"::text = slotwell_key())
  WITH CHECK (slotwell_actor() = 'mentor' AND "mentor_id"::text = slotwell_key());
--> statement-breakpoint
CREATE POLICY staff_all ON "mentor_availability_overrides" TO slotwell_runtime
  USING (slotwell_is_staff()) WITH CHECK (slotwell_is_staff());
--> statement-breakpoint
CREATE POLICY mentor_owns ON "mentor_availability_overrides" TO slotwell_runtime
  USING (slotwell_actor() = 'mentor' AND "mentor_id"::text = slotwell_key())
  WITH CHECK (slotwell_actor() = 'mentor' AND "mentor_id"::text = slotwell_key());
--> statement-breakpoint
CREATE POLICY staff_all ON "bookings" TO slotwell_runtime
  USING (slotwell_is_staff()) WITH CHECK (slotwell_is_staff());
--> statement-breakpoint
CREATE POLICY mentor_reads_own ON "bookings" FOR SELECT TO slotwell_runtime
  USING (slotwell_actor() = 'mentor' AND "mentor_id"::text = slotwell_key());
--> statement-breakpoint
CREATE POLICY mentor_changes_own ON "bookings" FOR UPDATE TO slotwell_runtime
  USING (slotwell_actor() = 'mentor' AND "mentor_id"::text = slotwell_key())
  WITH CHECK (slotwell_actor() = 'mentor' AND "mentor_id"::text = slotwell_key());
--> statement-breakpoint
CREATE POLICY booker_reads_own ON "bookings" FOR SELECT TO slotwell_runtime
  USING (slotwell_actor() = 'booker' AND "manage_token_hash" = slotwell_key());
--> statement-breakpoint
CREATE POLICY booker_changes_own ON "bookings" FOR UPDATE TO slotwell_runtime
  USING (slotwell_actor() = 'booker' AND "manage_token_hash" = slotwell_key())
  WITH CHECK (slotwell_actor() = 'booker' AND "manage_token_hash" = slotwell_key());
--> statement-breakpoint
CREATE POLICY visitor_finds_request ON "bookings" FOR SELECT TO slotwell_runtime
  USING (slotwell_actor() = 'visitor' AND "request_key" = slotwell_key());
--> statement-breakpoint
CREATE POLICY visitor_books ON "bookings" FOR INSERT TO slotwell_runtime
  WITH CHECK (slotwell_actor() = 'visitor' AND "request_key" = slotwell_key() AND "status" IN ('pending', 'confirmed'));
--> statement-breakpoint
CREATE POLICY staff_all ON "booking_notifications" TO slotwell_runtime
  USING (slotwell_is_staff()) WITH CHECK (slotwell_is_staff());
--> statement-breakpoint
-- Whoever may see a booking may see and make its messages: the inner query is held to the policies above.
CREATE POLICY with_their_booking ON "booking_notifications" FOR SELECT TO slotwell_runtime
  USING (EXISTS (SELECT 1 FROM "bookings" b WHERE b."id" = "booking_id"));
--> statement-breakpoint
CREATE POLICY with_their_booking_made ON "booking_notifications" FOR INSERT TO slotwell_runtime
  WITH CHECK (EXISTS (SELECT 1 FROM "bookings" b WHERE b."id" = "booking_id"));
--> statement-breakpoint
-- Taken back, that is: nobody but staff deletes the proof of what was owed.
CREATE POLICY with_their_booking_changed ON "booking_notifications" FOR UPDATE TO slotwell_runtime
  USING (EXISTS (SELECT 1 FROM "bookings" b WHERE b."id" = "booking_id"))
  WITH CHECK (EXISTS (SELECT 1 FROM "bookings" b WHERE b."id" = "booking_id"));
--> statement-breakpoint
CREATE POLICY system_only ON "jobs" TO slotwell_runtime
  USING (slotwell_actor() = 'system') WITH CHECK (slotwell_actor() = 'system');
--> statement-breakpoint
CREATE POLICY system_only ON "rate_limit_counters" TO slotwell_runtime
  USING (slotwell_actor() = 'system') WITH CHECK (slotwell_actor() = 'system');
--> statement-breakpoint
CREATE POLICY system_only ON "sign_in_codes" TO slotwell_runtime
  USING (slotwell_actor() = 'system') WITH CHECK (slotwell_actor() = 'system');
--> statement-breakpoint
CREATE POLICY staff_reads ON "audit_log" FOR SELECT TO slotwell_runtime USING (slotwell_is_staff());
--> statement-breakpoint
CREATE POLICY everyone_appends ON "audit_log" FOR INSERT TO slotwell_runtime
  WITH CHECK ("actor" = slotwell_actor() AND "actor_id" IS NOT DISTINCT FROM
    CASE WHEN slotwell_actor() IN ('visitor', 'booker') THEN NULL ELSE slotwell_key() END);
