//! What can happen next: on the way, at the server, with time, and in the worker.

use ait_promotion::{
    GrantState, GrantStatus, PromotionKey,
    grant::{Asked, Command, Event, Executed, ServerDate},
};

use super::{Age, Answer, EXPIRED, Heard, Key, Model, Record, Said, Settles, Worker, World};

const BIRTH: u64 = 1_763_700_000;
const FLYING: usize = 2;

fn name(key: usize) -> PromotionKey {
    PromotionKey::unchecked(format!("K{key}"))
}

fn index(key: &PromotionKey) -> usize {
    key.expose().trim_start_matches('K').parse().unwrap()
}

impl Model {
    pub(super) fn steps(&self, world: &World) -> Vec<(String, World)> {
        let mut steps = Vec::new();
        self.of_the_network(world, &mut steps);
        self.of_time(world, &mut steps);
        if let (Some(_), 1..) = (&world.worker, world.crashes) {
            let crashed = World { worker: None, crashes: world.crashes - 1, ..world.clone() };
            steps.push(("CRASH".to_owned(), crashed));
        }
        self.of_the_worker(world, &mut steps);
        steps
    }

    fn of_the_network(&self, world: &World, steps: &mut Vec<(String, World)>) {
        for (at, key) in world.flying.iter().copied().enumerate() {
            let mut landed = world.clone();
            landed.flying.remove(at);
            steps.push((format!("execute(K{key}) is lost"), landed.clone()));
            for (said, after) in self.handle(world.keys[key]) {
                let mut handled = landed.clone();
                handled.keys[key] = after;
                steps.push((format!("execute(K{key}) -> {said:?}, answer lost"), handled.clone()));
                if let Some(worker) = &mut handled.worker {
                    if worker.waits_for == Some(key) && worker.inbox.is_none() {
                        worker.inbox = Some(Heard::Executed(said, key));
                        worker.waits_for = None;
                        steps.push((format!("execute(K{key}) -> {said:?}"), handled));
                    }
                }
            }
        }
    }

    fn handle(&self, key: Key) -> Vec<(Said, Key)> {
        if self.server.expires && key.age != Age::Young {
            let record = match (self.server.settles, key.record) {
                (Settles::ByRefusal, Record::Hidden) => Record::Visible,
                (Settles::ByRefusal, Record::Failed) => Record::FailedForGood,
                (_, record) => record,
            };
            return vec![(Said::Expired, Key { record, ..key })];
        }
        if self.server.dedupes && key.record != Record::None {
            return vec![(Said::Used, key)];
        }
        let record = if key.record == Record::Visible { Record::Visible } else { Record::Hidden };
        let paid = Key { paid: key.paid + 1, record, ..key };
        let mut ways = vec![
            (Said::Accepted, paid),
            (Said::Odd, paid),
            (Said::Cannot, paid),
            (Said::Cannot, key),
            (Said::Refused, key),
        ];
        if key.record == Record::None {
            ways.push((Said::Accepted, Key { record: Record::Failed, ..key }));
        }
        ways
    }

    fn of_time(&self, world: &World, steps: &mut Vec<(String, World)>) {
        for (at, key) in world.keys.iter().copied().enumerate() {
            let mut with = |what: &str, key: Key| {
                let mut later = world.clone();
                later.keys[at] = key;
                steps.push((format!("K{at} {what}"), later));
            };
            if key.record == Record::Hidden {
                with("settles", Key { record: Record::Visible, ..key });
            }
            let is_final = self.server.settles == Settles::InTime && key.age == Age::Over;
            if self.retries > 0 && key.record == Record::Failed && !is_final {
                with("succeeds after all", Key { record: Record::Hidden, paid: key.paid + 1, ..key });
            }
            match key.age {
                Age::Young => with("expires", Key { age: Age::Expired, ..key }),
                Age::Expired if self.server.settles != Settles::InTime || key.record != Record::Hidden => {
                    with("is over", Key { age: Age::Over, ..key });
                }
                _ => {}
            }
        }
    }

    fn of_the_worker(&self, world: &World, steps: &mut Vec<(String, World)>) {
        let Some(worker) = &world.worker else {
            if !world.stored.is_over() {
                steps.push(("run".to_owned(), self.on(world, &world.stored, &Event::Started)));
            }
            let may_retry = matches!(world.stored, GrantState::Failed { .. } | GrantState::Refused { .. });
            if may_retry && world.retries > 0 {
                let decided = World { retries: world.retries - 1, ..world.clone() };
                steps.push(("RETRY".to_owned(), self.on(&decided, &world.stored, &Event::Retry)));
            }
            return;
        };
        if let Some(key) = worker.waits_for {
            let mut after = world.clone();
            let waiting = after.worker.as_mut().unwrap();
            waiting.waits_for = None;
            waiting.inbox = Some(Heard::Executed(Said::Silent, key));
            steps.push(("time-out".to_owned(), after));
            return;
        }
        let mut after = world.clone();
        let doing = after.worker.as_mut().unwrap();
        match doing.todo.pop_front() {
            None => match doing.inbox.take() {
                None => {
                    after.worker = None;
                    steps.push(("end of run".to_owned(), after));
                }
                Some(heard) => {
                    let event = self.event(&heard);
                    let state = doing.state.clone();
                    steps.push((format!("hears {heard:?}"), self.on(&after, &state, &event)));
                }
            },
            Some(Command::Save) => {
                after.stored = doing.state.clone();
                steps.push((format!("saves {:?}", doing.state), after));
            }
            Some(Command::GetKey) if world.keys.len() < self.keys => {
                doing.inbox = Some(Heard::Key(world.keys.len()));
                after.keys.push(Key { paid: 0, record: Record::None, age: Age::Young });
                steps.push((format!("get-key K{}", world.keys.len()), after));
            }
            Some(Command::Execute(key)) => {
                let key = index(&key);
                let mut unsent = after.clone();
                unsent.worker.as_mut().unwrap().inbox = Some(Heard::Executed(Said::NotTaken, key));
                steps.push((format!("execute(K{key}) never leaves"), unsent));
                if world.flying.len() < FLYING {
                    after.worker.as_mut().unwrap().waits_for = Some(key);
                    after.flying.push(key);
                    after.flying.sort_unstable();
                    steps.push((format!("sends execute(K{key})"), after));
                }
            }
            Some(Command::Ask(key)) => {
                let key = world.keys[index(&key)];
                let known: &[Answer] = match key.record {
                    Record::None => &[Answer::NoRecord],
                    Record::Hidden => &[Answer::NoRecord, Answer::Pending],
                    Record::Visible => &[Answer::Success],
                    Record::Failed | Record::FailedForGood => &[Answer::Failed],
                };
                for answer in known.iter().copied().chain([Answer::Silent]) {
                    let mut asked = after.clone();
                    asked.worker.as_mut().unwrap().inbox = Some(Heard::Asked(answer, key.age));
                    steps.push((format!("asks -> {answer:?}"), asked));
                }
            }
            // Out of keys, or the run is over.
            Some(_) => {
                after.worker = None;
                steps.push(("end of run".to_owned(), after));
            }
        }
    }

    fn on(&self, world: &World, state: &GrantState, event: &Event) -> World {
        let (mut state, commands) = (self.machine)(state, event, &self.policy);
        if self.patient {
            if let GrantState::Doubt { asked, .. }
            | GrantState::Accepted { asked, .. }
            | GrantState::Probe { asked, .. }
            | GrantState::Retry { asked, .. } = &mut state
            {
                *asked = 0;
            }
        }
        let worker = Worker { state, todo: commands.into(), waits_for: None, inbox: None };
        World { worker: Some(worker), ..world.clone() }
    }

    fn event(&self, heard: &Heard) -> Event {
        let date = |after: u64| self.server.dates.then(|| ServerDate::from_unix_seconds(BIRTH + after));
        let code = |code: &str| Executed::Unclear { code: code.to_owned() };
        match heard {
            Heard::Key(key) => Event::KeyReceived { key: name(*key), date: date(0) },
            Heard::Executed(said, key) => Event::Executed(match said {
                Said::Accepted => Executed::Accepted { key: name(*key) },
                Said::NotTaken => Executed::NotTaken,
                Said::Refused => Executed::Refused { code: "4109".to_owned() },
                Said::Expired => code(EXPIRED),
                Said::Used => code("4113"),
                Said::Cannot => code("4110"),
                Said::Odd => Executed::Odd,
                Said::Silent => Executed::Silent,
            }),
            Heard::Asked(answer, age) => Event::Asked {
                answer: match answer {
                    Answer::Success => Asked::Status(GrantStatus::Success),
                    Answer::Pending => Asked::Status(GrantStatus::Pending),
                    Answer::Failed => Asked::Status(GrantStatus::Failed),
                    Answer::NoRecord => Asked::NoRecord,
                    Answer::Silent => Asked::Silent,
                },
                date: date(if *age == Age::Over { 3_900 } else { 3_899 }),
            },
        }
    }
}
