//! The chores, in the order in which a round takes them.

use super::adopt_directory::AdoptDirectory;
use super::adopt_grants::AdoptGrants;
use super::chore::Chore;
use super::resume_submissions::ResumeSubmissions;
use super::retention::RemoveOldBodies;
use super::watch_set_aside::WatchSetAside;
use super::write_refusals::WriteRefusals;
use crate::certificates::outside_lists::FollowOutsideLists;
use crate::certificates::revocation_list::RenewRevocationList;
use crate::execution::carry_out::CarryOut;
use crate::execution::fall_due::FallDue;
use crate::notices::make::MakeNotices;
use crate::onboarding::on_time::ApplicationsOnTime;
use crate::settlement::returns::BookReturns;
use crate::settlement::settle::Settle;
use crate::trail::checkpoints::WriteCheckpoints;

/// All chores. Counted ones come after the look at work that is set aside.
pub(super) fn all() -> Vec<Box<dyn Chore>> {
    vec![
        Box::new(WriteRefusals),
        Box::new(AdoptDirectory::default()),
        Box::new(AdoptGrants::default()),
        Box::new(ApplicationsOnTime::default()),
        Box::new(FollowOutsideLists::default()),
        Box::new(RenewRevocationList::default()),
        Box::new(WriteCheckpoints::default()),
        Box::new(MakeNotices::default()),
        Box::new(ResumeSubmissions::default()),
        Box::new(WatchSetAside::default()),
        Box::new(RemoveOldBodies::default()),
        Box::new(FallDue::default()),
        Box::new(CarryOut::default()),
        Box::new(Settle::default()),
        Box::new(BookReturns::default()),
    ]
}
