//! Arguments of a call: generated from the types, the same for the same shape and seed, or provided by the user. Resources
//! are created by the component's own constructors, or by the host if they are the host's.

use std::future::Future;
use std::pin::Pin;

use wasmtime::component::{ResourceAny, ResourceDynamic, ResourceType, Type, Val};

use super::Live;
use crate::exec::worker::budget::Stop;
use crate::exec::worker::held::{held_by, may_hold};
use crate::exec::worker::host::handles::LENT;
use crate::exec::worker::host::random::SplitMix;
use crate::exec::worker::printed;
use crate::exec::worker::requests::{self, Asked, Lent, Response};
use crate::exec::worker::shape::Shape;
use crate::exec::worker::step::Step;
use crate::exec::worker::way::{CIRCULAR, Known, Way};
use crate::script::Argument;

/// Values of one call, all together: nested lists grow fast.
const MOST_VALUES: u32 = 4096;
/// How many bytes count as one value.
const BYTES_PER_VALUE: u32 = 32;
/// Length of a large string and of a large list of bytes.
const LARGE: usize = 16 << 10;
/// Length of other large lists.
const MANY: usize = 64;
/// How deep the chain of resources may be that are needed to create one.
const DEEPEST: u32 = 3;

/// The arguments of one call, and what belongs to them.
#[derive(Default)]
pub(super) struct Values {
    pub(super) values: Vec<Val>,
    /// The response to an HTTP request, once it arrives.
    pub(super) response: Option<Response>,
    /// The request, if an argument is one.
    pub(super) asked: Option<Asked>,
    /// Resources that are lent to the call and dropped after it.
    pub(super) lent: Vec<ResourceAny>,
}

impl Values {
    /// The arguments as text, and their size in bytes.
    pub(super) fn described(&self) -> (String, u64) {
        let size = printed::size(&self.values);
        match &self.asked {
            Some(asked) => (asked.to_string(), size + asked.body),
            None => (printed::values(&self.values), size),
        }
    }

    /// Adds what belongs to the arguments of `other`, without its values.
    fn absorb(&mut self, other: Values) {
        self.lent.extend(other.lent);
        self.asked = other.asked.or(self.asked.take());
        self.response = other.response.or(self.response.take());
    }
}

/// The arguments that the user provided.
pub(super) async fn provide(
    live: &mut Live<'_>,
    types: &[Type],
    arguments: &[Argument],
) -> Result<Values, Stop> {
    if types.len() != arguments.len() {
        let (provided, wanted) = (arguments.len(), types.len());
        let detail = format!("{provided} arguments are given, and it takes {wanted}");
        return Err(Stop::inconclusive("argument", detail));
    }
    let mut values = Values::default();
    for (ty, argument) in types.iter().zip(arguments) {
        match argument {
            Argument::Wave(text) => {
                let value = Val::from_wave(ty, text).map_err(|error| {
                    Stop::inconclusive("argument", format!("`{text}`: {error:#}"))
                })?;
                values.values.push(value);
            }
            Argument::MadeUp => {
                let types = std::slice::from_ref(ty);
                let mut generated = generate(live, types, Shape::Plain).await?;
                values.values.append(&mut generated.values);
                values.absorb(generated);
            }
        }
    }
    Ok(values)
}

/// Generates arguments of these types.
pub(super) async fn generate(
    live: &mut Live<'_>,
    types: &[Type],
    shape: Shape,
) -> Result<Values, Stop> {
    generate_at(live, types, shape, 0).await
}

async fn generate_at(
    live: &mut Live<'_>,
    types: &[Type],
    shape: Shape,
    depth: u32,
) -> Result<Values, Stop> {
    let seed = live.prepared.settings.seed;
    let number = if let Shape::Random(number) = shape { number } else { 0 };
    let mut generator = Generator {
        live,
        random: SplitMix::new(seed ^ number.wrapping_mul(0xff51_afd7_ed55_8ccd)),
        shape,
        left: MOST_VALUES,
        depth,
        made: Values::default(),
    };
    for ty in types {
        let value = generator.value(ty).await?;
        generator.made.values.push(value);
    }
    Ok(generator.made)
}

struct Generator<'a, 'p> {
    live: &'a mut Live<'p>,
    random: SplitMix,
    shape: Shape,
    /// How many values may still be generated.
    left: u32,
    depth: u32,
    made: Values,
}

type Generating<'g> = Pin<Box<dyn Future<Output = Result<Val, Stop>> + 'g>>;

impl Generator<'_, '_> {
    fn value<'g>(&'g mut self, ty: &'g Type) -> Generating<'g> {
        Box::pin(async move {
            self.left = self.left.saturating_sub(1);
            Ok(match ty {
                Type::Bool => Val::Bool(self.number(1) != 0),
                Type::S8 => Val::S8(self.signed(i8::MAX.into()) as i8),
                Type::U8 => Val::U8(self.number(u8::MAX.into()) as u8),
                Type::S16 => Val::S16(self.signed(i16::MAX.into()) as i16),
                Type::U16 => Val::U16(self.number(u16::MAX.into()) as u16),
                Type::S32 => Val::S32(self.signed(i32::MAX.into()) as i32),
                Type::U32 => Val::U32(self.number(u32::MAX.into()) as u32),
                Type::S64 => Val::S64(self.signed(i64::MAX)),
                Type::U64 => Val::U64(self.number(u64::MAX)),
                Type::Float32 => Val::Float32(self.number(1 << 20) as f32),
                Type::Float64 => Val::Float64(self.number(1 << 40) as f64),
                Type::Char => Val::Char(char::from(b'a' + (self.number(25) % 26) as u8)),
                Type::String => Val::String(self.string()),
                Type::List(list) => self.list(&list.ty()).await?,
                Type::FixedLengthList(list) => {
                    Val::FixedLengthList(self.repeated(&list.ty(), list.len() as usize).await?)
                }
                Type::Map(map) => {
                    let mut entries = Vec::new();
                    let holds = self.shape != Shape::Empty && may_hold(&map.value());
                    for _ in 0..self.length(2).max(usize::from(holds)) {
                        let key = self.value(&map.key()).await?;
                        entries.push((key, self.value(&map.value()).await?));
                    }
                    Val::Map(entries)
                }
                Type::Record(record) => {
                    let mut fields = Vec::new();
                    for field in record.fields() {
                        fields.push((field.name.to_owned(), self.value(&field.ty).await?));
                    }
                    Val::Record(fields)
                }
                Type::Tuple(tuple) => {
                    let mut values = Vec::new();
                    for ty in tuple.types() {
                        values.push(self.value(&ty).await?);
                    }
                    Val::Tuple(values)
                }
                Type::Variant(variant) => {
                    let case = self.chosen(variant.cases().len());
                    let case = variant.cases().nth(case).ok_or_else(|| impossible("variant"))?;
                    Val::Variant(case.name.to_owned(), self.payload(case.ty).await?)
                }
                Type::Enum(ty) => {
                    let case = self.chosen(ty.names().len());
                    Val::Enum(ty.names().nth(case).unwrap_or_default().to_owned())
                }
                Type::Option(_) if self.shape == Shape::Empty => Val::Option(None),
                Type::Option(option) => Val::Option(self.payload(Some(option.ty())).await?),
                Type::Result(result) if self.shape == Shape::Empty => {
                    Val::Result(Err(self.payload(result.err()).await?))
                }
                Type::Result(result) => Val::Result(Ok(self.payload(result.ok()).await?)),
                Type::Flags(flags) => {
                    let bits = self.number(u64::MAX);
                    let names = flags.names().enumerate();
                    let chosen = names.filter(|(bit, _)| bits >> (bit % 64) & 1 == 1);
                    Val::Flags(chosen.map(|(_, name)| name.to_owned()).collect())
                }
                Type::Own(resource) => Val::Resource(self.resource(*resource, true).await?),
                Type::Borrow(resource) => Val::Resource(self.resource(*resource, false).await?),
                Type::Future(_) => return Err(impossible("future")),
                Type::Stream(_) => return Err(impossible("stream")),
                Type::ErrorContext => return Err(impossible("error context")),
            })
        })
    }

    async fn payload(&mut self, ty: Option<Type>) -> Result<Option<Box<Val>>, Stop> {
        Ok(match ty {
            Some(ty) => Some(Box::new(self.value(&ty).await?)),
            None => None,
        })
    }

    async fn list(&mut self, element: &Type) -> Result<Val, Stop> {
        if matches!(element, Type::U8 | Type::S8) {
            let length = self.length(LARGE);
            self.left = self.left.saturating_sub(length as u32 / BYTES_PER_VALUE);
            let bytes = (0..length).map(|i| match element {
                Type::U8 => Val::U8(i as u8),
                _ => Val::S8(i as i8),
            });
            return Ok(Val::List(bytes.collect()));
        }
        let mut length = self.length(MANY);
        if length == 0 && self.shape != Shape::Empty && may_hold(element) {
            length = 1;
        }
        Ok(Val::List(self.repeated(element, length).await?))
    }

    async fn repeated(&mut self, element: &Type, length: usize) -> Result<Vec<Val>, Stop> {
        let mut values = Vec::new();
        for _ in 0..length {
            values.push(self.value(element).await?);
        }
        Ok(values)
    }

    /// A number between 0 and `most`.
    fn number(&mut self, most: u64) -> u64 {
        match self.shape {
            Shape::Plain | Shape::Request(_) => 1.min(most),
            Shape::Empty => 0,
            Shape::Large => most,
            Shape::Random(_) => match most.checked_add(1) {
                Some(numbers) => self.random.next() % numbers,
                None => self.random.next(),
            },
        }
    }

    /// A number up to `most`; a random one may be negative.
    fn signed(&mut self, most: i64) -> i64 {
        match self.shape {
            Shape::Random(_) => self.random.next() as i64 % most,
            _ => self.number(most.unsigned_abs()) as i64,
        }
    }

    /// The length of a list or map; a large one has `large` elements.
    fn length(&mut self, large: usize) -> usize {
        match self.shape {
            _ if self.left == 0 => 0,
            Shape::Plain | Shape::Request(_) => 2,
            Shape::Empty => 0,
            Shape::Large => large,
            Shape::Random(_) => (self.random.next() % 6) as usize,
        }
    }

    /// The index of one of `cases` cases.
    fn chosen(&mut self, cases: usize) -> usize {
        match self.shape {
            Shape::Plain | Shape::Request(_) | Shape::Empty => 0,
            Shape::Large => cases.saturating_sub(1),
            Shape::Random(_) => self.random.next() as usize % cases.max(1),
        }
    }

    fn string(&mut self) -> String {
        match self.shape {
            Shape::Plain | Shape::Request(_) => "hello".to_owned(),
            Shape::Empty => String::new(),
            Shape::Large => {
                self.left = self.left.saturating_sub(LARGE as u32 / BYTES_PER_VALUE);
                let length = if self.left == 0 { 1 } else { LARGE };
                "secondcall ".chars().cycle().take(length).collect()
            }
            Shape::Random(_) => {
                let length = self.random.next() % 24;
                (0..length).map(|_| char::from(b' ' + (self.random.next() % 95) as u8)).collect()
            }
        }
    }

    async fn resource(&mut self, ty: ResourceType, owned: bool) -> Result<ResourceAny, Stop> {
        let store = &mut self.live.store;
        let resource = if let Some(lent) = requests::resource(store, ty, self.shape, owned)? {
            let Lent { resource, response, asked } = lent;
            self.made.absorb(Values { response, asked, ..Values::default() });
            resource
        } else if let Some(number) = self.live.stubbed_number(ty) {
            let store = &mut self.live.store;
            // A borrowed handle is an owned one that is lent and dropped after the call.
            let representation = match owned {
                true => {
                    let name = &self.live.prepared.stubbed[number as usize];
                    let created = store.data_mut().handles.create(name);
                    created.map_err(|reached| Stop::Error(reached.into()))?
                }
                false => LENT,
            };
            let handle = ResourceDynamic::new_own(representation, number);
            handle.try_into_resource_any(store).map_err(Stop::Error)?
        } else {
            self.constructed(ty).await?
        };
        if !owned {
            self.made.lent.push(resource);
        }
        Ok(resource)
    }

    /// Creates a resource of the guest's own by its constructor, or by another function that returns one.
    async fn constructed(&mut self, ty: ResourceType) -> Result<ResourceAny, Stop> {
        let makers = self.live.makers_of(ty);
        let Some(first) = makers.first() else {
            return Err(impossible("resource that no function of the component creates"));
        };
        let known = self.live.prepared.ways.0.borrow().get(&makers).cloned();
        let way = match known {
            Some(Known::Found(way)) => way,
            Some(Known::Impossible(why) | Known::Circular(why)) => {
                return Err(Stop::Inconclusive(why));
            }
            None if self.depth < DEEPEST => {
                Way { maker: *first, shape: Shape::Plain, generous: false }
            }
            Some(Known::Searching) | None => {
                return Err(Stop::inconclusive("resource-argument", CIRCULAR));
            }
        };
        let types = self.live.parameters(way.maker);
        let generating = generate_at(self.live, &types, way.shape, self.depth + 1);
        let arguments = Box::pin(generating).await?;
        self.made.lent.extend(arguments.lent);
        let step = Step::Maker(self.live.prepared.targets[way.maker].name.to_string());
        self.live.store.data_mut().handles.generous = way.generous;
        let results = self.live.invoke(way.maker, &arguments.values).await;
        self.live.store.data_mut().handles.generous = false;
        let results = results.map_err(|stop| step.failed(stop))?;
        let mut wanted = None;
        for held in results.iter().flat_map(held_by) {
            match held {
                Val::Resource(resource) if wanted.is_none() && resource.ty() == ty => {
                    wanted = Some(resource);
                }
                other => self.live.give_back(&[other]).await?,
            }
        }
        wanted.ok_or_else(|| impossible("resource that its function gives only sometimes"))
    }
}

fn impossible(what: &str) -> Stop {
    let reason = match what {
        "future" | "stream" | "error context" => "argument",
        _ => "resource-argument",
    };
    Stop::inconclusive(reason, format!("an argument is a {what}"))
}
