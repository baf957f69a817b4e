//! The promises of every store, by topic. Each test takes a function that opens the store, so that it can close it and
//! look again; a further implementation runs all of them by one more line at the end of this file.

#![allow(clippy::unwrap_used, missing_docs, unreachable_pub)]

mod accounts;
mod applications;
mod attempts;
mod audit;
mod bodies;
mod books;
mod certificates;
mod checkpoints;
#[path = "../../../../tests/postgres/cluster.rs"]
mod cluster;
mod concurrency;
mod duplicates;
mod entries;
mod evidence;
mod facts;
mod gauges;
mod identities;
mod jobs;
mod lots;
mod lots_together;
mod messages;
mod news;
mod notices;
mod reports;
mod rights;
mod sources;
mod staging;
mod statements;
mod support;
mod together;
mod upkeep;

macro_rules! tests_on {
    ($store:ident, $run:path; $($topic:ident { $($test:ident)+ })+) => {
        mod $store {
            $(mod $topic {
                $(#[test]
                fn $test() {
                    $run(crate::$topic::$test);
                })+
            })+
        }
    };
}

macro_rules! contract_on {
    ($store:ident, $run:path) => {
        tests_on! { $store, $run;
            identities {
                a_certificate_tells_user_and_client
                revoking_is_seen_at_once_and_done_once
                everything_about_users_reads_back
                settings_of_a_client
                rights_of_an_online_user
                older_nodes_are_kept_out_once
            }
            applications {
                an_application_reads_back_after_every_step
                what_is_submitted_stands
                one_registration_of_a_user_is_in_force
                contacts_and_limits_of_a_day
                limits_of_a_day_come_with_the_book
                persons_with_certificates
            }
            evidence {
                evidence_names_the_list_of_its_moment_and_certificates_once
                evidence_goes_with_a_submission_that_becomes_no_message
                evidence_stays_with_a_message
                decisions_made_together_keep_evidence
            }
            checkpoints {
                of_two_checkpoints_with_one_number_the_first_stays
                the_oldest_line_without_a_checkpoint_is_known
                a_restore_is_marked_and_settled_once
                certificates_are_found_by_their_serial
            }
            accounts {
                accounts_read_back_by_iban_id_and_client
                an_iban_is_taken_once
                house_accounts_are_named
                the_business_day_never_goes_back
            }
            bodies {
                a_small_body_is_in_its_row
                a_large_body_outlives_the_store
                an_unfinished_body_leaves_nothing
                a_body_without_a_row_is_swept_and_others_are_not
                a_discarded_submission_takes_its_body_along
                a_job_that_fails_keeps_the_body
                only_the_body_of_an_answered_message_can_be_removed
                bodies_are_removed_or_kept
            }
            messages {
                a_submission_becomes_a_message_with_its_answer
                a_message_id_belongs_to_one_message
                of_two_at_once_one_wins
                the_same_bytes_are_found_again
                a_refused_submission_keeps_the_reason
                what_waits_of_a_client_is_listed
                the_same_bytes_are_found_while_they_wait_for_an_answer
                an_outcome_that_somebody_comes_back_for_is_kept
                what_was_left_over_is_claimed
                discarded_ids_do_not_come_again
                all_submissions_of_a_client_come_page_by_page
            }
            attempts {
                attempts_are_counted_until_a_submission_is_set_aside
                what_was_set_aside_is_retried_or_refused
                attempts_at_other_work_are_counted_by_its_name
            }
            staging {
                payments_read_back_in_file_order
                payments_of_a_lot
                a_stage_can_be_replaced
                what_is_active_is_not_changed
                flips_grow_with_each_client
                payment_information_ids_count_after_the_activation
            }
            duplicates {
                an_inactive_stage_does_not_count
                each_key_is_hit_once
                refused_payments_do_not_count
                an_accepted_message_is_found_behind_many_that_are_not
                a_message_with_more_refusals_than_are_read_at_once_is_searched_all_the_same
                a_discarded_stage_leaves_no_keys
                agrees_with_a_plain_search
            }
            books {
                only_what_was_loaded_is_saved
                the_use_of_a_new_date_gets_a_row
                the_limit_that_allowed_a_use_is_kept_with_it
                a_customer_never_goes_below_zero
                limits_and_state_change_beside_balances
            }
            lots {
                lots_and_events_read_back
                due_lots_come_page_by_page
                a_lot_never_goes_back
                refusals_come_in_file_order
            }
            lots_together {
                many_lots_are_found_as_each_is
                ranges_are_read_as_each_is
                lots_are_written_together_or_none_is
                journals_are_booked_together_as_one_after_another
            }
            entries {
                sequences_grow_without_gaps
                days_add_up
                pages_cover_a_period_exactly_once
                causes_are_told
                a_payment_comes_back_once
                a_return_waits_and_ends_once
                an_unbalanced_journal_is_refused
                another_currency_is_refused
            }
            concurrency {
                balances_do_not_overwrite_each_other
                a_change_of_an_account_rests_on_what_was_read
                decisions_about_one_client_see_each_other
                a_reader_of_sequences_misses_nothing
                sums_and_the_last_sequence_agree
            }
            together {
                each_sees_those_before_it_and_fails_alone
                what_was_not_foreseen_is_read_all_the_same
            }
            facts {
                a_sound_store_has_no_violation
                a_payment_booked_twice_is_found
            }
            statements {
                every_statement_can_be_prepared
            }
            gauges {
                lots_are_counted_by_stage_with_the_oldest
                what_waits_or_is_set_aside_is_counted
                the_day_and_what_ends_are_told
                who_serves_is_counted
            }
            rights {
                changes_of_rights_are_counted_and_nothing_else
                who_changes_rights_relies_on_the_new_ones
            }
            certificates {
                a_code_is_withdrawn_by_the_next_one_and_used_once
                what_was_issued_is_found_by_its_request_and_no_serial_comes_twice
                revocation_lists_name_what_their_authority_signed
            }
            notices {
                what_ends_is_found_until_there_is_a_notice_of_it
                a_persons_certificate_is_found_until_there_is_a_notice_of_it
                a_notice_is_taken_by_one_sent_once_and_tried_again_when_it_was_refused
            }
            reports {
                reports_are_numbered_by_account_and_kind
            }
            news {
                what_others_wait_for_is_told
                everybody_who_waits_is_told
                news_outlive_their_store_in_silence
            }
            audit {
                the_chain_can_be_verified_by_anybody
            }
            upkeep {
                a_trusted_time_only_grows_until_somebody_vouches_for_another
                a_sandbox_is_one_for_ever
                kept_bodies_count_for_their_client
            }
            jobs {
                a_task_that_reads_often_without_a_pause_ends
                nothing_happens_when_a_job_fails
                a_proof_is_a_durable_commit_that_changes_nothing
                a_panic_touches_no_other_job
                a_snapshot_does_not_move
                a_read_sees_what_was_written_before
                a_panic_while_reading_is_an_error
                everything_is_there_after_reopening
                a_job_may_hold_the_last_clone
            }
        }
    };
}

contract_on!(sqlite, crate::support::on_sqlite);
contract_on!(postgres, crate::support::on_postgres);
