-- Every table of the record, in PostgreSQL's words. `0001_the_record.py` carries it out, for SQLite with other types.
-- The tables in the code, storage/tables, say what the columns mean.

CREATE TABLE counter (
    team VARCHAR(32) NOT NULL,
    name VARCHAR(64) NOT NULL,
    value INTEGER NOT NULL,
    digest VARCHAR(64),
    CONSTRAINT pk_counter PRIMARY KEY (team, name)
);

CREATE TABLE customer (
    team VARCHAR(32) NOT NULL,
    number INTEGER NOT NULL,
    random_key VARCHAR(16) NOT NULL,
    name VARCHAR(140) NOT NULL,
    strict_key VARCHAR(400) NOT NULL,
    loose_key VARCHAR(400) COLLATE "C" NOT NULL,
    crm_reference VARCHAR(140),
    worth VARCHAR(140),
    owner VARCHAR(32),
    standing VARCHAR(16) NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    merged_into INTEGER,
    salt VARCHAR(64) NOT NULL,
    CONSTRAINT pk_customer PRIMARY KEY (team, number),
    CONSTRAINT uq_customer_team_strict_key UNIQUE (team, strict_key),
    CONSTRAINT uq_customer_team_crm_reference UNIQUE (team, crm_reference),
    CONSTRAINT fk_customer_team_merged_into FOREIGN KEY(team, merged_into) REFERENCES customer (team, number)
);
CREATE INDEX ix_customer_merged_into ON customer (team, merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX ix_customer_owner ON customer (team, owner) WHERE owner IS NOT NULL;
CREATE INDEX ix_customer_team_loose_key ON customer (team, loose_key);
CREATE INDEX ix_customer_team_standing_name ON customer (team, standing, name);

CREATE TABLE member (
    team VARCHAR(32) NOT NULL,
    "group" VARCHAR(64) NOT NULL,
    "user" VARCHAR(64) NOT NULL,
    CONSTRAINT pk_member PRIMARY KEY (team, "group", "user")
);

CREATE TABLE notice (
    team VARCHAR(32) NOT NULL,
    kind VARCHAR(16) NOT NULL,
    subject INTEGER NOT NULL,
    target VARCHAR(32) NOT NULL,
    round INTEGER NOT NULL,
    customer INTEGER,
    channel VARCHAR(32),
    ts VARCHAR(32),
    tag VARCHAR(32) NOT NULL,
    rate_limit VARCHAR(32) NOT NULL,
    urgent BOOLEAN NOT NULL,
    wanted INTEGER NOT NULL,
    shown INTEGER NOT NULL,
    state VARCHAR(16) NOT NULL,
    doubt BOOLEAN NOT NULL,
    refused BOOLEAN NOT NULL,
    attempt INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    next_try_at TIMESTAMP WITH TIME ZONE,
    behind_since TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    error VARCHAR(64),
    digest VARCHAR(64),
    CONSTRAINT pk_notice PRIMARY KEY (team, kind, subject, target, round)
);
CREATE INDEX ix_notice_next ON notice (next_try_at);
CREATE INDEX ix_notice_customer ON notice (team, customer) WHERE customer IS NOT NULL;

CREATE TABLE pace (
    team VARCHAR(32) NOT NULL,
    rate_limit VARCHAR(64) NOT NULL,
    free_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_pace PRIMARY KEY (team, rate_limit)
);

CREATE TABLE process (
    team VARCHAR(32) NOT NULL,
    id VARCHAR(32) NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended BOOLEAN NOT NULL,
    asked BOOLEAN NOT NULL,
    settings JSON NOT NULL,
    CONSTRAINT pk_process PRIMARY KEY (team, id)
);

CREATE TABLE installation (
    team VARCHAR(32) NOT NULL,
    random_key VARCHAR(16) NOT NULL,
    CONSTRAINT pk_installation PRIMARY KEY (team)
);

CREATE TABLE person (
    team VARCHAR(32) NOT NULL,
    "user" VARCHAR(64) NOT NULL,
    guest BOOLEAN NOT NULL,
    outsider BOOLEAN NOT NULL,
    bot BOOLEAN NOT NULL,
    deactivated BOOLEAN NOT NULL,
    read_at TIMESTAMP WITH TIME ZONE NOT NULL,
    name VARCHAR(140) NOT NULL,
    home_known BOOLEAN NOT NULL,
    CONSTRAINT pk_person PRIMARY KEY (team, "user")
);

CREATE TABLE policy (
    team VARCHAR(32) NOT NULL,
    digest VARCHAR(64) NOT NULL,
    body TEXT NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_policy PRIMARY KEY (team, digest)
);

CREATE TABLE step (
    team VARCHAR(32) NOT NULL,
    kind VARCHAR(16) NOT NULL,
    subject INTEGER NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    failures INTEGER DEFAULT '0' NOT NULL,
    error VARCHAR(64),
    CONSTRAINT pk_step PRIMARY KEY (team, kind, subject)
);
CREATE INDEX ix_step_at ON step (at);
CREATE INDEX ix_step_failing ON step (failures) WHERE failures > 0;
CREATE INDEX ix_step_reviews ON step (team, at) WHERE kind = 'review';

CREATE TABLE summary (
    team VARCHAR(32) NOT NULL,
    week INTEGER NOT NULL,
    channel VARCHAR(32) NOT NULL,
    posted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    figures JSON NOT NULL,
    CONSTRAINT pk_summary PRIMARY KEY (team, week, channel)
);

CREATE TABLE publication (
    team VARCHAR(32) NOT NULL,
    number INTEGER NOT NULL,
    week INTEGER NOT NULL,
    channel VARCHAR(32) NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    digest VARCHAR(64) NOT NULL,
    growth BYTEA NOT NULL,
    CONSTRAINT pk_publication PRIMARY KEY (team, number),
    CONSTRAINT uq_publication_team_week_channel UNIQUE (team, week, channel)
);

CREATE TABLE user_group (
    team VARCHAR(32) NOT NULL,
    "group" VARCHAR(64) NOT NULL,
    read_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_user_group PRIMARY KEY (team, "group")
);

CREATE TABLE audit (
    team VARCHAR(32) NOT NULL,
    customer INTEGER NOT NULL,
    n INTEGER NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    actor VARCHAR(32) NOT NULL,
    act VARCHAR(32) NOT NULL,
    facts JSON NOT NULL,
    rows JSON NOT NULL,
    hash VARCHAR(64) NOT NULL,
    form VARCHAR(64),
    once VARCHAR(64),
    CONSTRAINT pk_audit PRIMARY KEY (team, customer, n)
);
CREATE UNIQUE INDEX uq_audit_form ON audit (team, form, actor) WHERE form IS NOT NULL;
CREATE INDEX ix_audit_once ON audit (team, once) WHERE once IS NOT NULL;

CREATE TABLE audit_head (
    team VARCHAR(32) NOT NULL,
    customer INTEGER NOT NULL,
    n INTEGER NOT NULL,
    hash VARCHAR(64) NOT NULL,
    salt VARCHAR(64) NOT NULL,
    at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_audit_head PRIMARY KEY (team, customer)
);

CREATE TABLE customer_gram (
    team VARCHAR(32) NOT NULL,
    gram VARCHAR(12) COLLATE "C" NOT NULL,
    customer INTEGER NOT NULL,
    CONSTRAINT pk_customer_gram PRIMARY KEY (team, gram, customer),
    CONSTRAINT fk_customer_gram_team_customer FOREIGN KEY(team, customer) REFERENCES customer (team, number)
);

CREATE TABLE former_name (
    team VARCHAR(32) NOT NULL,
    strict_key VARCHAR(400) NOT NULL,
    loose_key VARCHAR(400) COLLATE "C" NOT NULL,
    name VARCHAR(140) NOT NULL,
    customer INTEGER NOT NULL,
    CONSTRAINT pk_former_name PRIMARY KEY (team, strict_key),
    CONSTRAINT fk_former_name_team_customer FOREIGN KEY(team, customer) REFERENCES customer (team, number)
);
CREATE INDEX ix_former_name_team_customer ON former_name (team, customer);
CREATE INDEX ix_former_name_team_loose_key ON former_name (team, loose_key);

CREATE TABLE matter (
    team VARCHAR(32) NOT NULL,
    number INTEGER NOT NULL,
    random_key VARCHAR(16) NOT NULL,
    customer INTEGER NOT NULL,
    rung VARCHAR(16) NOT NULL,
    version INTEGER NOT NULL,
    urgent BOOLEAN NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    outcome VARCHAR(16),
    closed_at TIMESTAMP WITH TIME ZONE,
    closed_by VARCHAR(32),
    rationale TEXT,
    salt VARCHAR(64),
    "left" VARCHAR(16) NOT NULL,
    raised INTEGER NOT NULL,
    CONSTRAINT pk_matter PRIMARY KEY (team, number),
    CONSTRAINT fk_matter_team_customer FOREIGN KEY(team, customer) REFERENCES customer (team, number)
);
CREATE INDEX ix_matter_open_by_deadline ON matter (team, due_at) WHERE closed_at IS NULL;
CREATE INDEX ix_matter_left_to_nobody ON matter (team, number) WHERE "left" = 'nobody';
CREATE INDEX ix_matter_team_closed_at ON matter (team, closed_at);
CREATE INDEX ix_matter_team_customer_number ON matter (team, customer, number);
CREATE INDEX ix_matter_team_opened_at ON matter (team, opened_at);
CREATE UNIQUE INDEX uq_matter_one_open ON matter (team, customer) WHERE closed_at IS NULL;

CREATE TABLE merger (
    team VARCHAR(32) NOT NULL,
    number INTEGER NOT NULL,
    random_key VARCHAR(16) NOT NULL,
    duplicate INTEGER NOT NULL,
    customer INTEGER NOT NULL,
    "by" VARCHAR(32) NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    moved JSON NOT NULL,
    copied JSON NOT NULL,
    undone_by VARCHAR(32),
    undone_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_merger PRIMARY KEY (team, number),
    CONSTRAINT fk_merger_team_duplicate FOREIGN KEY(team, duplicate) REFERENCES customer (team, number),
    CONSTRAINT fk_merger_team_customer FOREIGN KEY(team, customer) REFERENCES customer (team, number)
);
CREATE INDEX ix_merger_team_customer ON merger (team, customer);

CREATE TABLE safeguard (
    team VARCHAR(32) NOT NULL,
    number INTEGER NOT NULL,
    random_key VARCHAR(16) NOT NULL,
    customer INTEGER NOT NULL,
    kind VARCHAR(64) NOT NULL,
    note TEXT NOT NULL,
    salt VARCHAR(64) NOT NULL,
    words TEXT NOT NULL,
    until DATE,
    set_by VARCHAR(32) NOT NULL,
    set_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE,
    removed_at TIMESTAMP WITH TIME ZONE,
    removed_by VARCHAR(32),
    removed_why TEXT,
    removed_salt VARCHAR(64),
    CONSTRAINT pk_safeguard PRIMARY KEY (team, number),
    CONSTRAINT fk_safeguard_team_customer FOREIGN KEY(team, customer) REFERENCES customer (team, number)
);
CREATE INDEX ix_safeguard_team_customer ON safeguard (team, customer);

CREATE TABLE stake (
    team VARCHAR(32) NOT NULL,
    customer INTEGER NOT NULL,
    "user" VARCHAR(32) NOT NULL,
    why VARCHAR(16) NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    happened_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_stake PRIMARY KEY (team, customer, "user", why),
    CONSTRAINT fk_stake_team_customer FOREIGN KEY(team, customer) REFERENCES customer (team, number)
);
CREATE INDEX ix_stake_team_user ON stake (team, "user");

CREATE TABLE verdict (
    team VARCHAR(32) NOT NULL,
    customer INTEGER NOT NULL,
    n INTEGER NOT NULL,
    report INTEGER,
    "case" INTEGER,
    rung VARCHAR(16) NOT NULL,
    reasons JSON NOT NULL,
    points INTEGER NOT NULL,
    reporters INTEGER NOT NULL,
    heaviest VARCHAR(64),
    urgent BOOLEAN NOT NULL,
    policy VARCHAR(64) NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_verdict PRIMARY KEY (team, customer, n),
    CONSTRAINT fk_verdict_team_customer FOREIGN KEY(team, customer) REFERENCES customer (team, number)
);
CREATE INDEX ix_verdict_team_report ON verdict (team, report);

CREATE TABLE approval (
    team VARCHAR(32) NOT NULL,
    "case" INTEGER NOT NULL,
    "by" VARCHAR(32) NOT NULL,
    version INTEGER NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    rationale TEXT NOT NULL,
    salt VARCHAR(64) NOT NULL,
    review_on DATE NOT NULL,
    effective_on DATE NOT NULL,
    reason_class VARCHAR(64) NOT NULL,
    letter TEXT NOT NULL,
    taken_back_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_approval PRIMARY KEY (team, "case", "by", version),
    CONSTRAINT fk_approval_team_case FOREIGN KEY(team, "case") REFERENCES matter (team, number)
);

CREATE TABLE decision (
    team VARCHAR(32) NOT NULL,
    "case" INTEGER NOT NULL,
    customer INTEGER NOT NULL,
    choice VARCHAR(8) NOT NULL,
    "by" VARCHAR(32) NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    rationale TEXT NOT NULL,
    salt VARCHAR(64) NOT NULL,
    review_on DATE NOT NULL,
    effective_on DATE,
    reason_class VARCHAR(64),
    conditions JSON NOT NULL,
    details JSON NOT NULL,
    details_salt VARCHAR(64) NOT NULL,
    letter TEXT,
    approved_by JSON NOT NULL,
    objection_until TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    ended_how VARCHAR(16),
    CONSTRAINT pk_decision PRIMARY KEY (team, "case"),
    CONSTRAINT fk_decision_team_case FOREIGN KEY(team, "case") REFERENCES matter (team, number),
    CONSTRAINT fk_decision_team_customer FOREIGN KEY(team, customer) REFERENCES customer (team, number)
);
CREATE INDEX ix_decision_team_at ON decision (team, at);
CREATE INDEX ix_decision_team_customer ON decision (team, customer);
CREATE INDEX ix_decision_team_review_on ON decision (team, review_on);

CREATE TABLE hearing (
    team VARCHAR(32) NOT NULL,
    number INTEGER NOT NULL,
    "case" INTEGER NOT NULL,
    taken_by VARCHAR(32) NOT NULL,
    taken_at TIMESTAMP WITH TIME ZONE NOT NULL,
    asked_by VARCHAR(32),
    words TEXT,
    salt VARCHAR(64) NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    ended_by VARCHAR(32),
    finding VARCHAR(16),
    reps_side TEXT,
    customers_side TEXT,
    why TEXT,
    CONSTRAINT pk_hearing PRIMARY KEY (team, number),
    CONSTRAINT fk_hearing_team_case FOREIGN KEY(team, "case") REFERENCES matter (team, number)
);
CREATE INDEX ix_hearing_team_case_number ON hearing (team, "case", number);
CREATE UNIQUE INDEX uq_hearing_one_under_way ON hearing (team, "case") WHERE ended_at IS NULL;

CREATE TABLE precedent (
    team VARCHAR(32) NOT NULL,
    "case" INTEGER NOT NULL,
    category VARCHAR(64),
    points INTEGER NOT NULL,
    reporters INTEGER NOT NULL,
    standing VARCHAR(16) NOT NULL,
    CONSTRAINT pk_precedent PRIMARY KEY (team, "case"),
    CONSTRAINT fk_precedent_team_case FOREIGN KEY(team, "case") REFERENCES matter (team, number)
);
CREATE INDEX ix_precedent_team_category_case ON precedent (team, category, "case");

CREATE TABLE protection (
    team VARCHAR(32) NOT NULL,
    "case" INTEGER NOT NULL,
    n INTEGER NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    "by" VARCHAR(32),
    kind VARCHAR(16),
    rung VARCHAR(16) NOT NULL,
    version INTEGER NOT NULL,
    reason TEXT NOT NULL,
    salt VARCHAR(64) NOT NULL,
    CONSTRAINT pk_protection PRIMARY KEY (team, "case", n),
    CONSTRAINT fk_protection_team_case FOREIGN KEY(team, "case") REFERENCES matter (team, number)
);

CREATE TABLE recusal (
    team VARCHAR(32) NOT NULL,
    "case" INTEGER NOT NULL,
    "by" VARCHAR(32) NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    reason TEXT NOT NULL,
    salt VARCHAR(64) NOT NULL,
    CONSTRAINT pk_recusal PRIMARY KEY (team, "case", "by"),
    CONSTRAINT fk_recusal_team_case FOREIGN KEY(team, "case") REFERENCES matter (team, number)
);
CREATE INDEX ix_recusal_team_by ON recusal (team, "by");

CREATE TABLE warning (
    team VARCHAR(32) NOT NULL,
    number INTEGER NOT NULL,
    "case" INTEGER NOT NULL,
    customer INTEGER NOT NULL,
    letter TEXT NOT NULL,
    salt VARCHAR(64) NOT NULL,
    issued_by VARCHAR(32) NOT NULL,
    issued_at TIMESTAMP WITH TIME ZONE NOT NULL,
    delivered_at TIMESTAMP WITH TIME ZONE,
    delivered_by VARCHAR(32),
    delivered_how VARCHAR(16),
    expires_at TIMESTAMP WITH TIME ZONE,
    objection_until TIMESTAMP WITH TIME ZONE,
    withdrawn_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_warning PRIMARY KEY (team, number),
    CONSTRAINT uq_warning_team_case UNIQUE (team, "case"),
    CONSTRAINT fk_warning_team_case FOREIGN KEY(team, "case") REFERENCES matter (team, number),
    CONSTRAINT fk_warning_team_customer FOREIGN KEY(team, customer) REFERENCES customer (team, number)
);
CREATE INDEX ix_warning_team_customer ON warning (team, customer);
CREATE INDEX ix_warning_team_delivered_at ON warning (team, delivered_at);
CREATE INDEX ix_warning_team_expires_at ON warning (team, expires_at);
CREATE INDEX ix_warning_team_issued_at ON warning (team, issued_at);

CREATE TABLE objection (
    team VARCHAR(32) NOT NULL,
    "case" INTEGER NOT NULL,
    customer INTEGER NOT NULL,
    warning INTEGER,
    recorded_by VARCHAR(32) NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    contact TEXT NOT NULL,
    words TEXT NOT NULL,
    salt VARCHAR(64) NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    raised INTEGER NOT NULL,
    answer VARCHAR(16),
    answered_by VARCHAR(32),
    answered_at TIMESTAMP WITH TIME ZONE,
    rationale TEXT,
    letter TEXT,
    "before" JSON,
    before_details JSON NOT NULL,
    CONSTRAINT pk_objection PRIMARY KEY (team, "case"),
    CONSTRAINT fk_objection_team_case FOREIGN KEY(team, "case") REFERENCES matter (team, number),
    CONSTRAINT fk_objection_team_customer FOREIGN KEY(team, customer) REFERENCES customer (team, number),
    CONSTRAINT fk_objection_team_warning FOREIGN KEY(team, warning) REFERENCES warning (team, number)
);
CREATE INDEX ix_objection_open_by_deadline ON objection (team, due_at) WHERE answer IS NULL;
CREATE INDEX ix_objection_team_customer ON objection (team, customer);

CREATE TABLE lesson (
    team VARCHAR(32) NOT NULL,
    "case" INTEGER NOT NULL,
    "by" VARCHAR(32) NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    learnt TEXT NOT NULL,
    worth VARCHAR(140) NOT NULL,
    hindsight VARCHAR(16) NOT NULL,
    line VARCHAR(200) NOT NULL,
    salt VARCHAR(64) NOT NULL,
    CONSTRAINT pk_lesson PRIMARY KEY (team, "case"),
    CONSTRAINT fk_lesson_team_case FOREIGN KEY(team, "case") REFERENCES decision (team, "case")
);
CREATE INDEX ix_lesson_team_at ON lesson (team, at);

CREATE TABLE report (
    team VARCHAR(32) NOT NULL,
    number INTEGER NOT NULL,
    random_key VARCHAR(16) NOT NULL,
    customer INTEGER NOT NULL,
    "case" INTEGER,
    since_version INTEGER,
    reporter VARCHAR(32) NOT NULL,
    category VARCHAR(64) NOT NULL,
    severity VARCHAR(16) NOT NULL,
    place VARCHAR(16) NOT NULL,
    happened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    reported_at TIMESTAMP WITH TIME ZONE NOT NULL,
    narrative TEXT NOT NULL,
    salt VARCHAR(64) NOT NULL,
    evidence JSON NOT NULL,
    doubted BOOLEAN NOT NULL,
    wants_support BOOLEAN NOT NULL,
    reporter_known BOOLEAN NOT NULL,
    support_salt VARCHAR(64) NOT NULL,
    withdrawn_at TIMESTAMP WITH TIME ZONE,
    discounted_at TIMESTAMP WITH TIME ZONE,
    discounted_in INTEGER,
    informed_first VARCHAR(16),
    ended_within VARCHAR(16),
    CONSTRAINT pk_report PRIMARY KEY (team, number),
    CONSTRAINT fk_report_team_customer FOREIGN KEY(team, customer) REFERENCES customer (team, number),
    CONSTRAINT fk_report_team_case FOREIGN KEY(team, "case") REFERENCES matter (team, number),
    CONSTRAINT fk_report_team_discounted_in FOREIGN KEY(team, discounted_in) REFERENCES hearing (team, number)
);
CREATE INDEX ix_report_ended_within ON report (team, happened_at) WHERE ended_within IS NOT NULL;
CREATE INDEX ix_report_team_case ON report (team, "case");
CREATE INDEX ix_report_team_customer_happened_at ON report (team, customer, happened_at);
CREATE INDEX ix_report_team_reported_at ON report (team, reported_at);
CREATE INDEX ix_report_team_reporter_number ON report (team, reporter, number);

CREATE TABLE evidence_file (
    team VARCHAR(32) NOT NULL,
    report INTEGER NOT NULL,
    file VARCHAR(32) NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    next_try_at TIMESTAMP WITH TIME ZONE,
    content BYTEA,
    CONSTRAINT pk_evidence_file PRIMARY KEY (team, report, file),
    CONSTRAINT fk_evidence_file_team_report FOREIGN KEY(team, report) REFERENCES report (team, number)
);
CREATE INDEX ix_evidence_file_next ON evidence_file (team, next_try_at) WHERE next_try_at IS NOT NULL;

CREATE TABLE review (
    team VARCHAR(32) NOT NULL,
    "case" INTEGER NOT NULL,
    n INTEGER NOT NULL,
    outcome VARCHAR(16) NOT NULL,
    "by" VARCHAR(32),
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    reason TEXT NOT NULL,
    salt VARCHAR(64) NOT NULL,
    due_on DATE NOT NULL,
    until DATE,
    CONSTRAINT pk_review PRIMARY KEY (team, "case", n),
    CONSTRAINT fk_review_team_case FOREIGN KEY(team, "case") REFERENCES decision (team, "case")
);

CREATE TABLE sent_letter (
    team VARCHAR(32) NOT NULL,
    "case" INTEGER NOT NULL,
    letter VARCHAR(16) NOT NULL,
    how VARCHAR(16) NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE NOT NULL,
    "by" VARCHAR(32) NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_sent_letter PRIMARY KEY (team, "case", letter),
    CONSTRAINT fk_sent_letter_team_case FOREIGN KEY(team, "case") REFERENCES matter (team, number)
);

CREATE TABLE check_in (
    team VARCHAR(32) NOT NULL,
    rep VARCHAR(32) NOT NULL,
    day DATE NOT NULL,
    report INTEGER NOT NULL,
    round INTEGER NOT NULL,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    answer VARCHAR(16),
    care_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_check_in PRIMARY KEY (team, rep, day),
    CONSTRAINT uq_check_in_team_report_round UNIQUE (team, report, round),
    CONSTRAINT fk_check_in_team_report FOREIGN KEY(team, report) REFERENCES report (team, number)
);
CREATE INDEX ix_check_in_care ON check_in (team, care_at) WHERE care_at IS NOT NULL;

CREATE TABLE talk (
    team VARCHAR(32) NOT NULL,
    report INTEGER NOT NULL,
    round INTEGER NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    talked_by VARCHAR(32) NOT NULL,
    CONSTRAINT pk_talk PRIMARY KEY (team, report, round),
    CONSTRAINT fk_talk_team_report FOREIGN KEY(team, report) REFERENCES report (team, number)
);

CREATE TABLE backup_call (
    team VARCHAR(32) NOT NULL,
    number INTEGER NOT NULL,
    random_key VARCHAR(16) NOT NULL,
    customer INTEGER NOT NULL,
    caller VARCHAR(32) NOT NULL,
    called_at TIMESTAMP WITH TIME ZONE NOT NULL,
    words TEXT NOT NULL,
    salt VARCHAR(64) NOT NULL,
    circle VARCHAR(16) NOT NULL,
    asked JSON NOT NULL,
    taken_by VARCHAR(32),
    taken_at TIMESTAMP WITH TIME ZONE,
    ended_by VARCHAR(32),
    ended_at TIMESTAMP WITH TIME ZONE,
    ended_how VARCHAR(16),
    CONSTRAINT pk_backup_call PRIMARY KEY (team, number)
);
CREATE INDEX ix_backup_call_open ON backup_call (team, caller) WHERE ended_at IS NULL;
CREATE INDEX ix_backup_call_called_at ON backup_call (called_at);
CREATE INDEX ix_backup_call_team_customer ON backup_call (team, customer);

CREATE TABLE unavailable (
    team VARCHAR(32) NOT NULL,
    "user" VARCHAR(32) NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_unavailable PRIMARY KEY (team, "user")
);
