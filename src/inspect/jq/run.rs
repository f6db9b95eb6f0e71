//! A filter compiled and run, with an eye on its limits.

use std::{
    cell::Cell,
    io::{self, Write},
};

use jaq_core::{
    Compiler, Ctx, DataT, Exn, Filter, Lut, Native, ValX, Vars,
    box_iter::box_once,
    data::HasLut,
    load::{
        Arena, File, Loader,
        parse::{Def, Term},
    },
    native::{Fun, bome, v},
};
use jaq_json::{Val, read, write};
use jaq_std::ValT;

use super::{
    Found, Limits, STACK,
    problem::{Problem, Stop, undefined, unread},
    watch::{self, COLLECTOR, COUNTER, TIMES, WEIGHER},
};

/// The filter itself, defined beside those that jq brings along.
const MAIN: &str = "the filter";

/// The stack that is left to what the counter does not see: reading, writing and freeing of values.
const RESERVE: usize = STACK / 4;

/// Texts and arrays beyond this many bytes or members end the run.
const LARGEST_TEXT: usize = 64 * 1024 * 1024;
const LARGEST_ARRAY: usize = 4 * 1024 * 1024;

/// What a value may weigh that is gone through at once: its values, and sixteen bytes of its texts each for one;
/// and how much of that is worth a step.
const HEAVIEST: u64 = 8_000_000;
const WEIGHT_OF_A_STEP: u64 = 64;

/// Levels that a value may be made to have: it is freed by recursion.
const DEEPEST: usize = 50_000;

/// Steps between two questions whether to go on, and between two looks at how deep a value is.
const ASK_EVERY: u64 = 256;
const LOOK_EVERY: u64 = 4096;

/// A filter that can be run.
pub(super) struct Program(Filter<Watched>);

/// Says whether a filter can be compiled.
pub(super) fn check(filter: &str) -> Result<(), Problem> {
    Program::compile(filter).map(|_| ())
}

impl Program {
    pub(super) fn compile(filter: &str) -> Result<Self, Problem> {
        // Loaded once as it is, for the places of what is wrong in it.
        let file = |code| File { code, path: () };
        let arena = Arena::default();
        Loader::new([])
            .load(&arena, file(filter))
            .map_err(|errors| unread(filter, errors))?;
        let body = jaq_core::load::parse(filter, |parser| parser.term()).ok_or_else(|| {
            Problem::Filter {
                place: 0..filter.len(),
                what: "modules cannot be used here".to_owned(),
            }
        })?;
        let main = Def {
            name: MAIN,
            args: Vec::new(),
            body,
        };
        let brought = jaq_core::defs()
            .chain(jaq_std::defs())
            .chain(jaq_json::defs());
        let mut all: Vec<Def<&str>> = brought.collect();
        all.push(main);
        let call = Def {
            name: "main",
            args: Vec::new(),
            body: Term::Call(MAIN, Vec::new()),
        };
        let prelude = all.into_iter().map(watch::definition).chain([call]);
        let modules = Loader::new(prelude)
            .load(&arena, file("main"))
            .map_err(|errors| unread(filter, errors))?;
        Compiler::default()
            .with_funs(functions())
            .compile(modules)
            .map(Self)
            .map_err(|errors| undefined(filter, errors))
    }

    /// Runs over each value of a body that is known to be JSON.
    pub(super) fn run(&self, body: &[u8], limits: &Limits<'_>) -> Found {
        let watch = Watch {
            lut: &self.0.lut,
            limits,
            steps: Cell::new(0),
            collected: Cell::new(0),
            ended: Cell::new(None),
            base: stack_address(),
        };
        let mut found = Found {
            values: Vec::new(),
            problem: None,
        };
        let mut room = limits.bytes;
        for value in read::parse_many(body) {
            found.problem = match value {
                Ok(value) => self.run_value(value, &watch, &mut room, &mut found.values),
                Err(error) => Some(Problem::Failed(error.to_string())),
            };
            if found.problem.is_some() {
                break;
            }
        }
        found
    }

    fn run_value(
        &self,
        value: Val,
        watch: &Watch<'_>,
        room: &mut usize,
        values: &mut Vec<String>,
    ) -> Option<Problem> {
        let context = Ctx::<Watched>::new(watch, Vars::new([]));
        for output in self.0.id.run((context, value)) {
            match output {
                Ok(_) if values.len() >= watch.limits.outputs => {
                    return Some(Problem::Stopped(Stop::Output));
                }
                Ok(output) => match line(&output, room) {
                    Some(line) => values.push(line),
                    None => return Some(Problem::Stopped(Stop::Output)),
                },
                // What a filter says may quote a whole body.
                Err(error) => match error.get_err() {
                    Ok(error) => return Some(Problem::Failed(shortened(&error.to_string()))),
                    // Else it is `halt`, or the counter.
                    Err(_) => return watch.ended.get().map(Problem::Stopped),
                },
            }
        }
        None
    }
}

fn shortened(text: &str) -> String {
    const LONGEST: usize = 200;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// A value on one line; `None` where it has no room.
fn line(value: &Val, room: &mut usize) -> Option<String> {
    let mut text = Bounded {
        text: Vec::new(),
        room: *room,
    };
    write::write(&mut text, &write::Pp::default(), 0, value).ok()?;
    *room = text.room;
    Some(
        String::from_utf8(text.text)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()),
    )
}

/// Takes no more than it has room for.
struct Bounded {
    text: Vec<u8>,
    room: usize,
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.room = self
            .room
            .checked_sub(bytes.len())
            .ok_or(io::ErrorKind::WriteZero)?;
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The values of jaq, with the watch at hand.
struct Watched;

impl DataT for Watched {
    type V<'a> = Val;
    type Data<'a> = &'a Watch<'a>;
}

/// What the counter knows.
struct Watch<'a> {
    lut: &'a Lut<Watched>,
    limits: &'a Limits<'a>,
    steps: Cell<u64>,
    collected: Cell<u64>,
    ended: Cell<Option<Stop>>,
    /// Where the stack was at the start; it grows downward.
    base: usize,
}

impl<'a> HasLut<'a, Watched> for &'a Watch<'a> {
    fn lut(&self) -> &'a Lut<Watched> {
        self.lut
    }
}

impl Watch<'_> {
    /// One step, which has this value; the reason when it is the last.
    fn step(&self, value: &Val) -> Option<Stop> {
        let steps = self.steps.get() + 1;
        self.steps.set(steps);
        let is_large = match value {
            Val::TStr(text) | Val::BStr(text) => text.len() > LARGEST_TEXT,
            Val::Arr(members) => members.len() > LARGEST_ARRAY,
            Val::Obj(members) => members.len() > LARGEST_ARRAY,
            _ => false,
        };
        if steps > self.limits.steps {
            Some(Stop::Steps)
        } else if is_large || steps.is_multiple_of(LOOK_EVERY) && is_deep(value) {
            Some(Stop::Large)
        } else if self.base.abs_diff(stack_address()) > STACK - RESERVE {
            Some(Stop::Deep)
        } else if steps.is_multiple_of(ASK_EVERY) && (self.limits.stop)() {
            Some(Stop::Cancelled)
        } else {
            None
        }
    }

    /// The steps that it takes to go through all of this value.
    fn weigh(&self, value: &Val) -> Option<Stop> {
        let mut weight: u64 = 0;
        let mut left = vec![value];
        while let Some(value) = left.pop() {
            weight += 1;
            match value {
                Val::TStr(text) | Val::BStr(text) => weight += text.len() as u64 / 16,
                Val::Arr(members) => left.extend(members.iter()),
                Val::Obj(members) => {
                    for (name, value) in members.iter() {
                        left.push(name);
                        left.push(value);
                    }
                }
                _ => {}
            }
            if weight > HEAVIEST {
                return Some(Stop::Large);
            }
        }
        let steps = self.steps.get() + weight / WEIGHT_OF_A_STEP;
        self.steps.set(steps);
        (steps > self.limits.steps).then_some(Stop::Steps)
    }

    /// True, unless the run ends here.
    fn pass<'v>(&self, stop: Option<Stop>) -> ValX<'v, Val> {
        match stop {
            None => Ok(Val::from(true)),
            Some(stop) => Err(self.end(stop)),
        }
    }

    /// A step that adds this value to an array.
    fn collect(&self, value: &Val) -> Option<Stop> {
        let collected = self.collected.get() + 1;
        self.collected.set(collected);
        if collected > self.limits.collected {
            return Some(Stop::Large);
        }
        self.step(value)
    }

    /// Ends the run in a way that no `try` of the filter can catch.
    fn end<'v>(&self, stop: Stop) -> Exn<'v, Val> {
        self.ended.set(Some(stop));
        Exn::halt(0)
    }
}

/// Whether a value is nested too deeply along its first or its last members, where deep ones are made.
fn is_deep(value: &Val) -> bool {
    let walk = |step: fn(&Val) -> Option<&Val>| {
        std::iter::successors(Some(value), |value| step(value))
            .nth(DEEPEST)
            .is_some()
    };
    walk(|value| match value {
        Val::Arr(members) => members.first(),
        Val::Obj(members) => members.first().map(|(_, value)| value),
        _ => None,
    }) || walk(|value| match value {
        Val::Arr(members) => members.last(),
        Val::Obj(members) => members.last().map(|(_, value)| value),
        _ => None,
    })
}

fn stack_address() -> usize {
    let here = 0_u8;
    std::ptr::from_ref(std::hint::black_box(&here)).addr()
}

/// The native functions: jaq's, without those that print or read the environment, and the two of the watch.
fn functions() -> impl Iterator<Item = Fun<Watched>> {
    const REPLACED: [&str; 3] = ["env", "debug_empty", "stderr_empty"];
    let brought = jaq_core::funs()
        .chain(jaq_std::funs())
        .chain(jaq_json::funs())
        .filter(|(name, _, _)| !REPLACED.contains(name));
    let own: [Fun<Watched>; 7] = [
        (
            WEIGHER,
            v(0),
            Native::new(|(context, value)| {
                let watch = *context.data();
                box_once(watch.pass(watch.weigh(&value)))
            }),
        ),
        (
            COUNTER,
            v(0),
            Native::new(|(context, value)| {
                let watch = *context.data();
                box_once(watch.pass(watch.step(&value)))
            }),
        ),
        (
            COLLECTOR,
            v(0),
            Native::new(|(context, value)| {
                let watch = *context.data();
                box_once(watch.pass(watch.collect(&value)))
            }),
        ),
        (
            TIMES,
            v(2),
            Native::new(|(mut context, _)| {
                let right = context.pop_var();
                let left = context.pop_var();
                box_once(times(left, right, context.data()))
            }),
        ),
        (
            "env",
            v(0),
            Native::new(|_| bome(Ok(Val::obj(jaq_json::Map::default())))),
        ),
        (
            "debug_empty",
            v(0),
            Native::new(|_| Box::new(std::iter::empty())),
        ),
        (
            "stderr_empty",
            v(0),
            Native::new(|_| Box::new(std::iter::empty())),
        ),
    ];
    brought.chain(own)
}

/// `left * right`, unless that repeats a text to more than it may be.
fn times<'a>(left: Val, right: Val, watch: &Watch<'_>) -> ValX<'a, Val> {
    let repeated = match (&left, &right) {
        (Val::TStr(text) | Val::BStr(text), count @ Val::Num(_))
        | (count @ Val::Num(_), Val::TStr(text) | Val::BStr(text)) => {
            // A count beyond all integers is beyond measure too.
            let count = count
                .as_isize()
                .map_or(usize::MAX, |count| count.max(0).cast_unsigned());
            text.len().saturating_mul(count)
        }
        _ => 0,
    };
    if repeated > LARGEST_TEXT {
        return Err(watch.end(Stop::Large));
    }
    (left * right).map_err(Exn::from)
}
