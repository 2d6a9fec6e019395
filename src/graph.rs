//! Makes the picture of `secondcall graph` from facts and findings. Call paths are drawn first, so that limits cut other
//! parts; the picture counts what is cut.

mod boxes;
pub(crate) mod causes;
mod links;
mod call_paths;

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::component::index_space::Idx;
use crate::component::{Component, ReadError};
use crate::config::glob;
use crate::facts::Facts;
use crate::facts::instantiation::{ComponentInstanceId, CoreInstanceId};
use crate::facts::roles::{Role, Roles};
use crate::finding::{Finding, Kind};
use crate::location::{ExportName, Location};
use crate::profile::Profile;
use crate::report::document::{Artifact, Document, Finding as Problem};
use crate::report::graph::{DrawnPath, Edge, EdgeKind, Node, Picture, shortened};
use crate::report::wording::counted;
use crate::rules;
use crate::verdict::{self, Severity};
use call_paths::CallPath;
use causes::Caused;
use links::{Links, Target};

/// How much is drawn of each.
const MOST_CALL_PATHS: usize = 12;
const MOST_INSTANCES: usize = 32;
const MOST_EXPORTS: usize = 16;
const MOST_PACKAGES: usize = 12;
const MOST_EDGES: usize = 160;
/// With more, a picture would show little but frames.
const MOST_GROUPS: usize = 8;
/// Longest name of a component, in characters.
const GROUP_NAME_LIMIT: usize = 24;
/// Names that an edge keeps.
const MOST_NAMES: usize = 12;

/// Draws a component, titled `title`, with the paths to failures of the exports that the globs `wanted` match, and with the
/// state that makes their calls differ.
///
/// # Errors
/// If the bytes are not a component that can be read.
pub(crate) fn of(
    bytes: &[u8],
    title: &str,
    wanted: &[String],
    caused: &[Caused],
) -> Result<Picture, ReadError> {
    let component = Component::read(bytes)?;
    let facts = Facts::of(&component);
    Ok(draw(&facts, title, (&judged(&facts), caused), wanted))
}

/// Draws a component, with the paths to those failures that `document` has of it, with their severities there, and with
/// the state that makes calls differ.
///
/// # Errors
/// If the bytes are not a component that can be read.
pub(crate) fn reported(
    bytes: &[u8],
    title: &str,
    (document, artifact): (&Document, &Artifact),
) -> Result<Picture, ReadError> {
    let component = Component::read(bytes)?;
    let facts = Facts::of(&component);
    let problems: Vec<_> = document.problems(artifact).collect();
    let severity = |finding: &Finding| {
        let export = finding.export.as_ref().map(ExportName::as_str);
        let is_it = |it: &&&Problem| it.rule == finding.rule.id && it.export.as_deref() == export;
        problems.iter().find(is_it).map(|it| it.severity)
    };
    let found = rules::run(&facts).into_sorted().into_iter();
    let mut judged: Vec<_> = found.filter_map(|it| Some((severity(&it)?, it))).collect();
    judged.sort_by(|(a, _), (b, _)| b.cmp(a));
    Ok(draw(&facts, title, (&judged, &causes::of(document, bytes)), &[]))
}

/// Failures found in the code, the worst first, with the severity under the specifications alone.
fn judged(facts: &Facts<'_>) -> Vec<(Severity, Finding)> {
    let hosts: Vec<_> = Profile::by_id(Profile::SPEC).into_iter().collect();
    let found = rules::run(facts).into_sorted().into_iter();
    let bad = found.filter(|finding| finding.kind == Kind::Fail);
    let mut judged: Vec<_> =
        bad.map(|finding| (verdict::judge(&finding, &hosts).severity, finding)).collect();
    judged.sort_by(|(a, _), (b, _)| b.cmp(a));
    judged
}

fn draw(
    facts: &Facts<'_>,
    title: &str,
    (judged, caused): (&[(Severity, Finding)], &[Caused]),
    wanted: &[String],
) -> Picture {
    let roles = Roles::of(facts.component, &facts.provenance);
    let links = Links::of(facts, &roles);
    let (call_paths, more_call_paths) = call_paths::of(facts, judged, wanted, MOST_CALL_PATHS);
    let caused = causes_of(facts, caused, wanted);
    let more_causes = caused.len().saturating_sub(MOST_CALL_PATHS);
    let caused = &caused[..caused.len() - more_causes];
    let mut drawing = Drawing {
        facts,
        roles: &roles,
        links: &links,
        picture: Picture { title: title.to_owned(), ..Picture::default() },
        exports: FxHashMap::default(),
        instances: BTreeMap::new(),
        imports: BTreeMap::new(),
        edges: FxHashMap::default(),
        ends: FxHashMap::default(),
        more_edges: FxHashSet::default(),
    };
    let own = call_paths.iter().map(|it| it.entry_point).chain(caused.iter().map(|(at, _)| *at));
    drawing.draw_exports(&own.collect());
    drawing.draw_instances(&call_paths);
    drawing.draw_imports();
    drawing.lift();
    drawing.link();
    drawing.draw_call_paths(&call_paths);
    drawing.draw_causes(caused);
    drawing.count(more_call_paths, "finding");
    drawing.count(more_causes, "cause");
    drawing.count(drawing.more_edges.len(), "connection");
    drawing.picture
}

/// The causes of the exports that are wanted, each with the place of its export among the entry points.
fn causes_of<'c>(
    facts: &Facts<'_>,
    caused: &'c [Caused],
    wanted: &[String],
) -> Vec<(usize, &'c Caused)> {
    let found = caused.iter().filter_map(|it| {
        let of = |export: &ExportName| export.as_str() == it.export;
        let index = facts.entry_points.iter().position(|entry_point| of(entry_point.name))?;
        let export = facts.entry_points[index].name;
        let is_wanted =
            wanted.is_empty() || wanted.iter().any(|glob| glob::matches_export(glob, export));
        is_wanted.then_some((index, it))
    });
    found.collect()
}

struct Drawing<'d, 'f, 'a> {
    facts: &'f Facts<'a>,
    roles: &'f Roles,
    links: &'d Links<'f, 'a>,
    picture: Picture,
    /// The box of each entry point that has one.
    exports: FxHashMap<usize, usize>,
    instances: BTreeMap<CoreInstanceId, usize>,
    /// The box of what the host gives under each name.
    imports: BTreeMap<Option<String>, usize>,
    edges: FxHashMap<(usize, usize, EdgeKind), usize>,
    /// The box at the end of a call path, by entry point and rule.
    ends: FxHashMap<(usize, &'static str), usize>,
    more_edges: FxHashSet<(usize, usize, EdgeKind)>,
}

impl Drawing<'_, '_, '_> {
    fn add(&mut self, node: Node) -> usize {
        self.picture.nodes.push(node);
        self.picture.nodes.len() - 1
    }

    /// Says how much is missing, if something is.
    fn count(&mut self, count: usize, noun: &str) {
        if count > 0 {
            let noun = format!("more {noun}");
            self.add(boxes::rest(format!("and {}", counted(count as u64, &noun))));
        }
    }

    /// An export with a call path or a cause has a box of its own, those in `owning`; the others of an interface share one,
    /// if they are lifted from the same instance.
    fn draw_exports(&mut self, owning: &BTreeSet<usize>) {
        type Key<'k> = (Option<&'k str>, Option<CoreInstanceId>, Option<usize>);
        let facts = self.facts;
        let mut shared: Vec<(Key<'_>, Vec<usize>)> = Vec::new();
        let mut places: FxHashMap<Key<'_>, usize> = FxHashMap::default();
        for (index, entry_point) in facts.entry_points.iter().enumerate() {
            let interface = entry_point.name.as_str().rsplit_once('#').map(|(it, _)| it);
            let own = owning.contains(&index).then_some(index);
            let key = (interface, self.lifted_from(index), own);
            let place = *places.entry(key).or_insert(shared.len());
            if place == shared.len() {
                shared.push((key, Vec::new()));
            }
            shared[place].1.push(index);
        }
        let mut order: Vec<_> = (0..shared.len()).collect();
        order.sort_by_key(|place| shared[*place].0.2.is_none());
        let more = order.split_off(order.len().min(MOST_EXPORTS));
        order.sort_unstable();
        for place in order {
            let ((interface, ..), functions) = &shared[place];
            let names: Vec<&ExportName> =
                functions.iter().map(|it| facts.entry_points[*it].name).collect();
            let first = &facts.entry_points[functions[0]];
            let hint = match (functions.len(), &first.obstacle) {
                (1, Some(obstacle)) => format!("{}: {obstacle}", first.name),
                (1, None) => format!("{}: {}", first.name, first.signature),
                (count, _) => format!("{count} functions of {}", interface.unwrap_or("the root")),
            };
            let node = self.add(boxes::export(*interface, &names, hint));
            self.exports.extend(functions.iter().map(|it| (*it, node)));
        }
        let more = more.iter().map(|place| shared[*place].1.len()).sum();
        self.count(more, "export");
    }

    fn lifted_from(&self, entry_point: usize) -> Option<CoreInstanceId> {
        let call = self.facts.entry_points[entry_point].call.as_ref()?;
        match self.links.target(call.lifted.core)? {
            Target::Instance(instance) => Some(instance),
            Target::Host(_) => None,
        }
    }

    fn draw_instances(&mut self, call_paths: &[CallPath<'_>]) {
        let all = || self.facts.world.core_instances.iter().map(|(id, _)| id);
        let mut drawn: Vec<CoreInstanceId> = Vec::new();
        let stops =
            call_paths.iter().flat_map(|call_path| &call_path.stops).map(|stop| stop.instance);
        for id in stops.chain(all()) {
            if drawn.len() < MOST_INSTANCES && !drawn.contains(&id) {
                drawn.push(id);
            }
        }
        let more = all().len() - drawn.len();
        drawn.sort_unstable();
        let groups = self.draw_groups(&drawn);
        for id in drawn {
            let mut node = boxes::instance(self.facts, self.roles, id);
            node.group = groups.get(&self.facts.world.core_instances[id].home).copied();
            let node = self.add(node);
            self.instances.insert(id, node);
        }
        if self.facts.world.truncated {
            let node = boxes::rest("and more core instances than are followed".to_owned());
            self.add(node);
        } else {
            self.count(more, "core instance");
        }
    }

    /// A group for each component instance within the root, unless there are too many of them.
    fn draw_groups(&mut self, drawn: &[CoreInstanceId]) -> BTreeMap<ComponentInstanceId, usize> {
        let facts = self.facts;
        let homes = drawn.iter().map(|id| facts.world.core_instances[*id].home);
        let nested: BTreeSet<_> =
            homes.filter(|home| *home != ComponentInstanceId::new(0)).collect();
        if nested.len() > MOST_GROUPS {
            return BTreeMap::new();
        }
        let labels = nested.iter().map(|home| {
            let component = facts.world.component_instances[*home];
            let name = facts.component.definitions[component].name;
            let name = name.map(|name| format!(" {}", shortened(name, GROUP_NAME_LIMIT)));
            format!("component {}{}", component.raw(), name.unwrap_or_default())
        });
        self.picture.groups = labels.collect();
        nested.into_iter().zip(0..).collect()
    }

    fn draw_imports(&mut self) {
        let (nodes, places) = boxes::imports(self.facts);
        let more = nodes.len().saturating_sub(MOST_PACKAGES);
        let drawn: Vec<usize> =
            nodes.into_iter().take(MOST_PACKAGES).map(|node| self.add(node)).collect();
        for (name, place) in places {
            if let Some(node) = drawn.get(place) {
                self.imports.insert(name, *node);
            }
        }
        self.count(more, "imported package");
    }

    fn lift(&mut self) {
        for (index, entry_point) in self.facts.entry_points.iter().enumerate() {
            let Some(node) = self.exports.get(&index).copied() else { continue };
            let Some(call) = &entry_point.call else { continue };
            let target = self.links.target(call.lifted.core);
            let Some(to) = target.and_then(|target| self.node(&target)) else { continue };
            let links = self.links;
            self.connect(node, to, EdgeKind::Lift, || {
                links.numbered(call.lifted.core, entry_point.name.as_str())
            });
        }
    }

    fn link(&mut self) {
        let links = self.links;
        for (id, node) in self.instances.clone() {
            links.from(id, |link| {
                if let Some(to) = self.node(&link.to) {
                    self.connect(node, to, link.kind, || link.name);
                }
            });
        }
    }

    fn node(&self, target: &Target) -> Option<usize> {
        match target {
            Target::Instance(instance) => self.instances.get(instance).copied(),
            Target::Host(name) => self.imports.get(name).copied(),
        }
    }

    /// Draws an edge, or adds a name to one that is there.
    fn connect(&mut self, from: usize, to: usize, kind: EdgeKind, name: impl FnOnce() -> String) {
        if from == to {
            return;
        }
        let is_new = !self.edges.contains_key(&(from, to, kind));
        if is_new && self.picture.edges.len() >= MOST_EDGES {
            self.more_edges.insert((from, to, kind));
            return;
        }
        let edge = self.edge(from, to, kind);
        let edge = &mut self.picture.edges[edge];
        if edge.names.len() >= MOST_NAMES {
            edge.total += 1;
            return;
        }
        let name = name();
        if !edge.names.contains(&name) {
            edge.total += 1;
            edge.names.push(name);
        }
    }

    fn edge(&mut self, from: usize, to: usize, kind: EdgeKind) -> usize {
        *self.edges.entry((from, to, kind)).or_insert_with(|| {
            let (called, names) = (Vec::new(), Vec::new());
            self.picture.edges.push(Edge { from, to, kind, called, names, total: 0 });
            self.picture.edges.len() - 1
        })
    }

    fn draw_call_paths(&mut self, call_paths: &[CallPath<'_>]) {
        let mut ends: FxHashMap<(&str, &Location, usize), usize> = FxHashMap::default();
        for call_path in call_paths {
            let Some(mut at) = self.exports.get(&call_path.entry_point).copied() else { continue };
            let mut edges = Vec::new();
            for stop in &call_path.stops {
                // One that is not drawn is passed by.
                let Some(to) = self.instances.get(&stop.instance).copied() else { continue };
                if to == at {
                    continue;
                }
                let edge = self.way(at, to);
                edges.push(edge);
                let role = self.roles.get(self.facts.world.module(stop.instance).id);
                let called = self.links.name(stop.instance, stop.func);
                let edge = &mut self.picture.edges[edge];
                // A shim's functions are numbers; an export's edge names its function anyway.
                let is_named = edge.kind == EdgeKind::Lift || role == Some(Role::Shim);
                if !is_named && !edge.called.contains(&called) {
                    edge.called.push(called);
                }
                at = to;
            }
            let key = (call_path.finding.rule.id, &call_path.finding.location, at);
            // Where several call paths end, the worst one came first.
            let end = *ends.entry(key).or_insert_with(|| {
                let mut end = boxes::end(call_path.severity, call_path.finding);
                end.group = self.picture.nodes[at].group;
                self.picture.nodes.push(end);
                self.picture.nodes.len() - 1
            });
            self.ends.insert((call_path.entry_point, call_path.finding.rule.id), end);
            edges.push(self.edge(at, end, EdgeKind::End));
            let sentence = call_path.finding.message.clone();
            self.picture.call_paths.push(DrawnPath {
                severity: call_path.severity,
                sentence,
                edges,
            });
        }
    }

    /// Draws each cause in the box of the same finding, or else in a box at the instance that holds the state.
    fn draw_causes(&mut self, caused: &[(usize, &Caused)]) {
        for (entry_point, cause) in caused {
            let known =
                self.ends.iter().find(|((at, rule), _)| at == entry_point && *rule == cause.rule);
            if let Some((_, end)) = known {
                let end = &mut self.picture.nodes[*end];
                end.lines.extend(boxes::shortened_lines(&cause.lines));
                end.hint += &format!(" ({})", cause.sentence);
                continue;
            }
            let Some(export) = self.exports.get(entry_point).copied() else { continue };
            let mut all = self.facts.world.core_instances.iter();
            let holder = all.find(|(_, it)| Some(it.module.raw()) == cause.core_module);
            let holder = holder.map(|(id, _)| id).or_else(|| self.lifted_from(*entry_point));
            let Some(instance) = holder.and_then(|it| self.instances.get(&it).copied()) else {
                continue;
            };
            let mut end = boxes::cause(cause);
            end.group = self.picture.nodes[instance].group;
            let end = self.add(end);
            let edges = vec![self.way(export, instance), self.edge(instance, end, EdgeKind::End)];
            let (severity, sentence) = (cause.severity, cause.sentence.clone());
            self.picture.call_paths.push(DrawnPath { severity, sentence, edges });
        }
    }

    /// The edge that a call path takes: one that is there, if one is.
    fn way(&mut self, from: usize, to: usize) -> usize {
        let kinds = [EdgeKind::Lift, EdgeKind::Import, EdgeKind::Table];
        let drawn = kinds.iter().find_map(|kind| self.edges.get(&(from, to, *kind)).copied());
        drawn.unwrap_or_else(|| self.edge(from, to, EdgeKind::Call))
    }
}
