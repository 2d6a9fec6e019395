//! Builds a composition: its imports, its parts as nested components, their instances, and its exports.
//!
//! The validator requires that every type in an export has a name at the root. So each export gets a new type, in terms of
//! what the root imports or exports, and an interface of a plugged-in component is exported if another export uses its
//! types.

use rustc_hash::FxHashMap;
use wasm_encoder::{
    Alias, ComponentBuilder, ComponentExportKind, ComponentOuterAliasKind, ComponentTypeRef,
    InstanceType, TypeBounds,
};
use wasmparser::component_types::{ComponentAnyTypeId, ComponentEntityType};

use super::definitions::{Definition, Definitions, types_in};
use super::error::{ComposeError, Misfit};
use super::items::{extern_name, kind};
use super::part::Part;
use super::scope::{Body, Key, Scope};
use super::wiring::{Source, Wiring};

/// A finished composition.
pub(super) struct Built {
    pub(super) bytes: Vec<u8>,
    /// The exports that only name types: the name, and the part whose types they are.
    pub(super) named: Vec<(String, usize)>,
}

/// The state of an import of the composition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    Waiting,
    Begun,
    Done(u32),
}

/// How many bytes of types are written at most, about. A type that many instances use is written for each of them.
const MOST_TYPES: usize = 64 << 20;

/// A composition that is being built.
pub(super) struct Builder<'p, 'a> {
    pub(super) parts: &'p [Part<'a>],
    wiring: &'p Wiring,
    definitions: Definitions,
    imports: Vec<Progress>,
    /// The bytes of types that were written, about.
    written: usize,
    /// The import that is being written.
    writing: Option<usize>,
    /// The instance of each part, once there is one.
    instances: Vec<Option<u32>>,
    /// The exports of parts that the root exports, by part and number.
    exported: FxHashMap<(usize, usize), u32>,
    /// The exports that only name types: the name, and the part.
    labels: Vec<(String, usize)>,
    /// The root, then the instance types that are being written, each inside the one before.
    scopes: Vec<Scope>,
}

impl<'p, 'a> Builder<'p, 'a> {
    pub(super) fn new(parts: &'p [Part<'a>], wiring: &'p Wiring) -> Self {
        Builder {
            parts,
            wiring,
            definitions: Definitions::of(parts),
            imports: vec![Progress::Waiting; wiring.imports.len()],
            written: 0,
            writing: None,
            instances: vec![None; parts.len()],
            exported: FxHashMap::default(),
            labels: Vec::new(),
            scopes: vec![Scope::of(Body::Root(Box::default()))],
        }
    }

    /// # Errors
    /// When something cannot be part of a composition.
    pub(super) fn build(mut self) -> Result<Built, ComposeError> {
        for number in 0..self.imports.len() {
            self.import(number)?;
        }
        let parts = self.parts;
        let components: Vec<_> =
            parts.iter().map(|part| self.root().component_raw(None, part.bytes)).collect();
        for part in self.wiring.order.iter().copied().chain([0]) {
            let arguments = self.arguments(part)?;
            let instance = self.root().instantiate(None, components[part], arguments);
            self.instances[part] = Some(instance);
        }
        for export in 0..parts[0].exports.len() {
            self.export(export)?;
        }
        let Some(Body::Root(root)) = self.scopes.into_iter().next().map(|scope| scope.body) else {
            return Err(ComposeError::unsupported("nothing"));
        };
        Ok(Built { bytes: root.finish(), named: self.labels })
    }

    /// Counts what is written for a type: the bytes of its names, and the types it consists of.
    pub(super) fn spend<'n>(
        &mut self,
        names: impl IntoIterator<Item = &'n str>,
        types: usize,
    ) -> Result<(), ComposeError> {
        let names: usize = names.into_iter().map(|name| name.len() + 1).sum();
        self.written = self.written.saturating_add(names).saturating_add(types * 5 + 1);
        match self.written > MOST_TYPES {
            true => Err(ComposeError::unsupported("so large a world")),
            false => Ok(()),
        }
    }

    fn root(&mut self) -> &mut ComponentBuilder {
        match &mut self.scopes[0].body {
            Body::Root(root) => root,
            Body::Instance(_) => unreachable!("the first scope is the root's"),
        }
    }

    pub(super) fn scope(&mut self) -> &mut Scope {
        self.scopes.last_mut().expect("the root is never left")
    }

    pub(super) fn enter(&mut self) {
        self.scopes.push(Scope::of(Body::Instance(InstanceType::new())));
    }

    pub(super) fn leave(&mut self) -> InstanceType {
        match self.scopes.pop().map(|scope| scope.body) {
            Some(Body::Instance(ty)) => ty,
            _ => unreachable!("an instance type is entered before it is left"),
        }
    }

    /// The arguments of a part's instantiation.
    fn arguments(
        &mut self,
        part: usize,
    ) -> Result<Vec<(&'p str, ComponentExportKind, u32)>, ComposeError> {
        let parts = self.parts;
        let mut arguments = Vec::new();
        for (import, (name, item)) in parts[part].imports.iter().enumerate() {
            let (kind, index) = match self.wiring.sources[part][import] {
                Source::Import(number) => (kind(item), self.import(number)?),
                Source::Part { part, export } => {
                    let item = &parts[part].exports[export].1;
                    (kind(item), self.alias(part, export))
                }
            };
            arguments.push((name.as_str(), kind, index));
        }
        Ok(arguments)
    }

    /// The index of an export of a part's instance.
    fn alias(&mut self, part: usize, export: usize) -> u32 {
        let (name, item) = &self.parts[part].exports[export];
        let instance = self.instances[part].unwrap_or_default();
        self.root().alias(None, Alias::InstanceExport { instance, kind: kind(item), name })
    }

    /// The index of a type that an instance at the root exports.
    fn alias_type(&mut self, instance: u32, name: &str) -> u32 {
        let kind = ComponentExportKind::Type;
        self.root().alias(None, Alias::InstanceExport { instance, kind, name })
    }

    /// The index of the composition's import with this number.
    fn import(&mut self, number: usize) -> Result<u32, ComposeError> {
        match self.imports[number] {
            Progress::Done(index) => return Ok(index),
            Progress::Begun => {
                return Err(ComposeError::unsupported("an import that needs itself"));
            }
            Progress::Waiting => self.imports[number] = Progress::Begun,
        }
        let outer = self.writing.replace(number);
        let (parts, wiring) = (self.parts, self.wiring);
        let import = &wiring.imports[number];
        let items = import.fills.iter().map(|(part, number)| {
            let (_, item) = &parts[*part].imports[*number];
            (*part, item)
        });
        let items: Vec<_> = items.collect();
        let (part, item) = items[0];
        let ty = match item.ty {
            ComponentEntityType::Instance(_) => {
                let instances = items.iter().filter_map(|(part, item)| match item.ty {
                    ComponentEntityType::Instance(id) => Some((*part, id)),
                    _ => None,
                });
                let instances: Vec<_> = instances.collect();
                ComponentTypeRef::Instance(self.instance_type(&instances, Some(number))?)
            }
            ComponentEntityType::Func(id) => ComponentTypeRef::Func(self.func_type(part, id)?),
            ComponentEntityType::Type { created, referenced } => {
                let key = Key::of(part, created);
                ComponentTypeRef::Type(match key {
                    Some(key) if self.is_new_in(&key, number) => TypeBounds::SubResource,
                    _ => TypeBounds::Eq(self.any_type(part, referenced)?),
                })
            }
            ComponentEntityType::Module(_) => {
                return Err(ComposeError::unsupported("an imported core module"));
            }
            ComponentEntityType::Component(_) => {
                return Err(ComposeError::unsupported("an imported component"));
            }
            ComponentEntityType::Value(_) => {
                return Err(ComposeError::unsupported("an imported value"));
            }
        };
        let index = self.root().import(extern_name(&import.name, item), ty);
        for (part, item) in items {
            if let ComponentEntityType::Type { created, .. } = item.ty
                && let Some(key) = Key::of(part, created)
            {
                self.scopes[0].named.insert(key, index);
            }
        }
        self.imports[number] = Progress::Done(index);
        self.writing = outer;
        Ok(index)
    }

    /// Whether a type is a resource that the composition's import with this number defines.
    pub(super) fn is_new_in(&self, key: &Key, number: usize) -> bool {
        let original = self.definitions.original(key) == Some(*key);
        match self.definitions.get(key) {
            Some(Definition::Import { part, import, .. }) if original => {
                self.wiring.sources[*part][*import] == Source::Import(number)
            }
            _ => false,
        }
    }

    /// The index of a named type in the current scope.
    pub(super) fn lookup(&mut self, key: Key) -> Result<Option<u32>, ComposeError> {
        let top = self.scopes.len() - 1;
        let known = (0..=top).rev().find_map(|depth| {
            let index = self.scopes[depth].named.get(&key)?;
            Some((depth, *index))
        });
        let known = match known {
            Some(known) => Some(known),
            None => self.resolve(key)?.map(|index| (0, index)),
        };
        let Some((depth, index)) = known else {
            // It may be known by its first name.
            return match self.definitions.original(&key).filter(|original| *original != key) {
                Some(original) => self.lookup(original),
                None => Ok(None),
            };
        };
        let scope = &mut self.scopes[top];
        let Body::Instance(body) = &mut scope.body else { return Ok(Some(index)) };
        if depth == top {
            return Ok(Some(index));
        }
        let local = body.type_count();
        let (kind, count) = (ComponentOuterAliasKind::Type, (top - depth) as u32);
        body.alias(Alias::Outer { kind, count, index });
        scope.named.insert(key, local);
        Ok(Some(local))
    }

    /// The index at the root of a named type that is not there yet.
    fn resolve(&mut self, key: Key) -> Result<Option<u32>, ComposeError> {
        let Some(definition) = self.definitions.get(&key).cloned() else { return Ok(None) };
        // It is written before the instance types that are open.
        let open = self.scopes.split_off(1);
        let resolved = self.resolved(key, definition);
        self.scopes.truncate(1);
        self.scopes.extend(open);
        let resolved = resolved?;
        if let Some(index) = resolved {
            self.scopes[0].named.insert(key, index);
        }
        Ok(resolved)
    }

    fn resolved(&mut self, key: Key, definition: Definition) -> Result<Option<u32>, ComposeError> {
        let (part, export, member) = match definition {
            Definition::Export { part, export, member } => (part, export, member),
            Definition::Import { part, import, member } => {
                match (self.wiring.sources[part][import], member) {
                    (Source::Import(number), None) => return self.import(number).map(Some),
                    (Source::Import(number), Some(member)) => {
                        let instance = self.import(number)?;
                        return Ok(Some(self.alias_type(instance, &member)));
                    }
                    (Source::Part { part: from, export }, member)
                        if self.instances[0].is_none() =>
                    {
                        // The composition's imports cannot name what is inside it.
                        return match key.is_resource() {
                            true => Err(self.shared_resource(from, export, member)),
                            false => Ok(None),
                        };
                    }
                    (Source::Part { part, export }, None) => {
                        return Ok(Some(self.alias(part, export)));
                    }
                    (Source::Part { part, export }, Some(member)) => (part, export, member),
                }
            }
        };
        if part != 0 && !self.exported.contains_key(&(part, export)) {
            let label = self.label();
            self.labels.push((label.clone(), part));
            self.export_instance(part, export, &label)?;
        }
        let instance = self.exported.get(&(part, export)).copied();
        Ok(instance.map(|instance| self.alias_type(instance, &member)))
    }

    /// The name of the next export that only names types.
    fn label(&self) -> String {
        let taken = |label: &String| self.parts[0].exports.iter().any(|(name, _)| name == label);
        let labels = (self.labels.len()..).map(|number| format!("plugged-in-{number}"));
        let mut labels = labels
            .filter(|label| !taken(label) && !self.labels.iter().any(|(known, _)| known == label));
        labels.next().unwrap_or_default()
    }

    fn shared_resource(&self, part: usize, export: usize, member: Option<String>) -> ComposeError {
        let name = &self.parts[part].exports[export].0;
        let resource = member.unwrap_or_default();
        let user = self.writing.map_or("", |number| &self.wiring.imports[number].name);
        let message =
            format!("provides the resource `{resource}` of `{name}`, which `{user}` uses as well");
        ComposeError::new(Misfit::Uncomposable, None, message)
            .with_help(format!("plug a component in for `{user}` too"))
    }

    /// Exports what the component exports under this number.
    fn export(&mut self, export: usize) -> Result<(), ComposeError> {
        let (name, item) = &self.parts[0].exports[export];
        match item.ty {
            ComponentEntityType::Instance(_) => self.export_instance(0, export, name)?,
            ComponentEntityType::Func(id) => {
                let function = self.alias(0, export);
                let ty = self.func_type(0, id).ok().map(ComponentTypeRef::Func);
                let kind = ComponentExportKind::Func;
                self.root().export(extern_name(name, item), kind, function, ty);
            }
            ComponentEntityType::Type { created, referenced } => {
                let index = match created {
                    ComponentAnyTypeId::Defined(_) => self.any_type(0, referenced)?,
                    _ => self.alias(0, export),
                };
                let kind = ComponentExportKind::Type;
                let index = self.root().export(extern_name(name, item), kind, index, None);
                if let Some(key) = Key::of(0, created) {
                    self.scopes[0].named.insert(key, index);
                }
            }
            _ => {
                let index = self.alias(0, export);
                self.root().export(extern_name(name, item), kind(item), index, None);
            }
        }
        Ok(())
    }

    /// Exports an instance that a part exports, under this name.
    fn export_instance(
        &mut self,
        part: usize,
        export: usize,
        name: &str,
    ) -> Result<(), ComposeError> {
        let parts = self.parts;
        let item = &parts[part].exports[export].1;
        let ComponentEntityType::Instance(id) = item.ty else {
            return Err(ComposeError::unsupported("an export that is no interface"));
        };
        let instance = self.alias(part, export);
        let mut own = Vec::new();
        for (member, key) in types_in(&parts[part], part, item) {
            let definition = Definition::Export { part, export, member: member.to_owned() };
            let is_original = self.definitions.original(&key) == Some(key);
            if is_original && self.definitions.get(&key) == Some(&definition) {
                let index = self.alias_type(instance, member);
                self.scopes[0].named.insert(key, index);
                own.push(key);
            }
        }
        // An instance whose type cannot be written is exported with the type that it has.
        let ty = match self.instance_type(&[(part, id)], None) {
            Ok(ty) => Some(ComponentTypeRef::Instance(ty)),
            Err(_) => {
                self.scopes.truncate(1);
                None
            }
        };
        let kind = ComponentExportKind::Instance;
        let exported = self.root().export(extern_name(name, item), kind, instance, ty);
        self.exported.insert((part, export), exported);
        // From here on they have the names that this export gives them.
        for key in own {
            self.scopes[0].named.remove(&key);
        }
        Ok(())
    }
}
