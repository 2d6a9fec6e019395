//! Decodes one function body.

use std::cell::Cell;
use std::ops::Range;

use wasmparser::{BinaryReader, BlockType, FunctionBody, ModuleArity, Operator, Operator as O};

use super::thresholds::thresholds;
use super::{Binary, Bodies, Body, MemArg, Op, Rmw, Unary};
use crate::component::core_module::CoreModule;
use crate::component::index_space::{CoreModuleId, FuncIdx, Idx, TypeIdx};

thread_local! {
    /// The memory of the last body that was decoded for once.
    static SCRATCH: Cell<Body> = Cell::default();
}

/// Operators for which memory is kept.
const MOST_KEPT: usize = 1 << 14;

impl Bodies<'_> {
    /// The body of a function; `None` if it is imported or does not exist.
    pub fn get(&self, module: CoreModuleId, func: FuncIdx) -> Option<&Body> {
        let slot = self.decoded.get(module)?.get(func)?;
        let module = &self.component.core_modules[module];
        let range = module.functions[func].body.clone()?;
        Some(slot.get_or_init(|| {
            let mut body = Body::default();
            decode(&mut body, self.component.file, module, func, range);
            if body.code.iter().any(|op| matches!(op, Op::Loop { .. })) {
                body.thresholds = thresholds(&body.code);
            }
            body.code.shrink_to_fit();
            body.offsets.shrink_to_fit();
            body
        }))
    }

    /// Passes a body to `f`, decoded for this once and without thresholds, unless it is kept already; `None` if there is no
    /// body.
    pub fn visit<T>(
        &self,
        module: CoreModuleId,
        func: FuncIdx,
        f: impl FnOnce(&Body) -> T,
    ) -> Option<T> {
        let slot = self.decoded.get(module)?.get(func)?;
        if let Some(body) = slot.get() {
            return Some(f(body));
        }
        let module = &self.component.core_modules[module];
        let range = module.functions[func].body.clone()?;
        let mut body = SCRATCH.take();
        decode(&mut body, self.component.file, module, func, range);
        let result = f(&body);
        if body.code.capacity() <= MOST_KEPT {
            SCRATCH.set(body);
        }
        Some(result)
    }
}

/// Decodes a body into the memory of another one.
fn decode(
    body: &mut Body,
    file: &[u8],
    module: &CoreModule<'_>,
    func: FuncIdx,
    range: Range<usize>,
) {
    let Body { mut code, mut offsets, .. } = std::mem::take(body);
    code.clear();
    offsets.clear();
    *body = Body { code, offsets, ..Body::default() };
    if let Some(ty) = module.func_type(func) {
        body.params = ty.params().len() as u32;
        body.results = ty.results().len() as u32;
    }
    if let Err(reason) = fill(body, file, module, range) {
        body.opaque = Some(reason);
        body.code.clear();
        body.offsets.clear();
    }
}

const DAMAGED: &str = "its body is damaged";

fn fill(
    body: &mut Body,
    file: &[u8],
    module: &CoreModule<'_>,
    range: Range<usize>,
) -> Result<(), &'static str> {
    let end = u32::try_from(range.end).map_err(|_| "it stands beyond 4 GiB of the file")?;
    let start = range.start as u64;
    let bytes = file.get(range).ok_or(DAMAGED)?;
    // An operator takes about two bytes; the vectors grow no further than the body is long.
    body.code.reserve(bytes.len() / 2);
    body.offsets.reserve(bytes.len() / 2);
    let function = FunctionBody::new(BinaryReader::new(bytes, start));
    for locals in function.get_locals_reader().map_err(|_| DAMAGED)? {
        let (count, _) = locals.map_err(|_| DAMAGED)?;
        body.locals = body.locals.checked_add(count).ok_or(DAMAGED)?;
    }
    // The specification's limit of engines on locals, so that no body asks for more memory.
    if body.locals > 50_000 {
        return Err("it has more than 50,000 locals");
    }
    let mut operators = function.get_operators_reader().map_err(|_| DAMAGED)?;
    let mut open: Vec<usize> = Vec::new();
    let mut ended = false;
    while !operators.eof() {
        // Nothing stands after the end of the function.
        if ended {
            return Err(DAMAGED);
        }
        let (operator, offset) = operators.read_with_offset().map_err(|_| DAMAGED)?;
        let index = body.code.len();
        body.grows_memory |= matches!(operator, O::MemoryGrow { .. });
        let op = match op(&operator, module) {
            Err(reason) if reason != DAMAGED => {
                body.opaque.get_or_insert(reason);
                unmodelled(&operator, module)?
            }
            op => op?,
        };
        match op {
            Op::Block { .. } | Op::Loop { .. } | Op::If { .. } => open.push(index),
            Op::Else => {
                let opener = open.last().and_then(|at| body.code.get_mut(*at));
                let Some(Op::If { otherwise, .. }) = opener else {
                    return Err(DAMAGED);
                };
                *otherwise = index as u32;
            }
            Op::End => match open.pop() {
                Some(opener) => close(&mut body.code[opener], index as u32),
                None => ended = true,
            },
            _ => {}
        }
        body.code.push(op);
        body.offsets.push(offset as u32);
    }
    body.offsets.push(end);
    if ended { Ok(()) } else { Err(DAMAGED) }
}

fn close(opener: &mut Op, index: u32) {
    match opener {
        Op::Block { end, .. } | Op::Loop { end, .. } => *end = index,
        Op::If { otherwise, end, .. } => {
            *end = index;
            if *otherwise == 0 {
                *otherwise = index;
            }
        }
        _ => {}
    }
}

/// An operator that stands for one that is not modelled: it keeps the nesting of blocks and hides no call.
fn unmodelled(operator: &Operator<'_>, module: &CoreModule<'_>) -> Result<Op, &'static str> {
    Ok(match operator {
        O::TryTable { try_table } => block(module, try_table.ty)?,
        O::Try { blockty } => block(module, *blockty)?,
        O::Delegate { .. } => Op::End,
        O::Resume { .. }
        | O::ResumeThrow { .. }
        | O::ResumeThrowRef { .. }
        | O::Suspend { .. }
        | O::Switch { .. } => Op::ReturnCallRef,
        operator if writes_shared(operator) => Op::ReturnCallRef,
        _ => Op::Unmodelled,
    })
}

/// Whether an operator writes a global or a table that threads may share.
fn writes_shared(operator: &Operator<'_>) -> bool {
    matches!(
        operator,
        O::GlobalAtomicSet { .. }
            | O::GlobalAtomicRmwAdd { .. }
            | O::GlobalAtomicRmwSub { .. }
            | O::GlobalAtomicRmwAnd { .. }
            | O::GlobalAtomicRmwOr { .. }
            | O::GlobalAtomicRmwXor { .. }
            | O::GlobalAtomicRmwXchg { .. }
            | O::GlobalAtomicRmwCmpxchg { .. }
            | O::TableAtomicSet { .. }
            | O::TableAtomicRmwXchg { .. }
            | O::TableAtomicRmwCmpxchg { .. }
    )
}

fn block(module: &CoreModule<'_>, ty: BlockType) -> Result<Op, &'static str> {
    let (params, results) = block_arity(module, ty)?;
    Ok(Op::Block { end: 0, params, results })
}

fn block_arity(module: &CoreModule<'_>, ty: BlockType) -> Result<(u32, u32), &'static str> {
    match ty {
        BlockType::Empty => Ok((0, 0)),
        BlockType::Type(_) => Ok((0, 1)),
        BlockType::FuncType(ty) => func_arity(module, ty),
    }
}

fn func_arity(module: &CoreModule<'_>, ty: u32) -> Result<(u32, u32), &'static str> {
    let ty = module.types.get(TypeIdx::new(ty)).and_then(Option::as_ref).ok_or(DAMAGED)?;
    Ok((ty.params().len() as u32, ty.results().len() as u32))
}

fn arg(memarg: &wasmparser::MemArg, width: u8) -> MemArg {
    let memory = match memarg.target {
        wasmparser::MemArgTarget::Memory(memory) => memory,
        // Access to an array of the garbage-collected heap: no memory has this index.
        wasmparser::MemArgTarget::Array(_) => u32::MAX,
    };
    MemArg { memory: Idx::new(memory), offset: memarg.offset, width }
}

fn op(operator: &Operator<'_>, module: &CoreModule<'_>) -> Result<Op, &'static str> {
    Ok(match operator {
        O::Unreachable => Op::Unreachable,
        O::Nop => Op::Nop,
        O::Block { blockty } => block(module, *blockty)?,
        O::Loop { blockty } => {
            let (params, results) = block_arity(module, *blockty)?;
            Op::Loop { end: 0, params, results }
        }
        O::If { blockty } => {
            let (params, results) = block_arity(module, *blockty)?;
            Op::If { otherwise: 0, end: 0, params, results }
        }
        O::Else => Op::Else,
        O::End => Op::End,
        O::Br { relative_depth } => Op::Br(*relative_depth),
        O::BrIf { relative_depth } => Op::BrIf(*relative_depth),
        O::BrTable { targets } => {
            let labels = targets.targets().chain([Ok(targets.default())]);
            Op::BrTable(labels.collect::<Result<_, _>>().map_err(|_| DAMAGED)?)
        }
        O::Return => Op::Return,
        O::Call { function_index } => Op::Call(Idx::new(*function_index)),
        O::ReturnCall { function_index } => Op::ReturnCall(Idx::new(*function_index)),
        O::CallIndirect { type_index, table_index } => {
            Op::CallIndirect(Idx::new(*type_index), Idx::new(*table_index))
        }
        O::ReturnCallIndirect { type_index, table_index } => {
            Op::ReturnCallIndirect(Idx::new(*type_index), Idx::new(*table_index))
        }
        O::CallRef { type_index } => {
            let (params, results) = func_arity(module, *type_index)?;
            Op::CallRef(params + 1, results)
        }
        O::ReturnCallRef { .. } => Op::ReturnCallRef,
        O::Throw { .. } | O::ThrowRef => Op::Throw,
        O::Drop => Op::Drop,
        O::Select | O::TypedSelect { .. } => Op::Select,
        O::LocalGet { local_index } => Op::LocalGet(*local_index),
        O::LocalSet { local_index } => Op::LocalSet(*local_index),
        O::LocalTee { local_index } => Op::LocalTee(*local_index),
        O::GlobalGet { global_index } => Op::GlobalGet(Idx::new(*global_index)),
        O::GlobalSet { global_index } => Op::GlobalSet(Idx::new(*global_index)),
        O::I32Const { value } => Op::Const(u64::from(*value as u32)),
        O::I64Const { value } => Op::Const(*value as u64),
        O::V128Const { value } => Op::Vector(*value.bytes()),
        O::I32Load { memarg } => Op::Load(arg(memarg, 4), 0),
        O::I64Load { memarg } => Op::Load(arg(memarg, 8), 0),
        O::I32Load8S { memarg } => Op::Load(arg(memarg, 1), 32),
        O::I32Load8U { memarg } => Op::Load(arg(memarg, 1), 0),
        O::I32Load16S { memarg } => Op::Load(arg(memarg, 2), 32),
        O::I32Load16U { memarg } => Op::Load(arg(memarg, 2), 0),
        O::I64Load8S { memarg } => Op::Load(arg(memarg, 1), 64),
        O::I64Load8U { memarg } => Op::Load(arg(memarg, 1), 0),
        O::I64Load16S { memarg } => Op::Load(arg(memarg, 2), 64),
        O::I64Load16U { memarg } => Op::Load(arg(memarg, 2), 0),
        O::I64Load32S { memarg } => Op::Load(arg(memarg, 4), 64),
        O::I64Load32U { memarg } => Op::Load(arg(memarg, 4), 0),
        O::I32AtomicLoad { memarg } => Op::Load(arg(memarg, 4), 0),
        O::I64AtomicLoad { memarg } => Op::Load(arg(memarg, 8), 0),
        O::I32AtomicLoad8U { memarg } => Op::Load(arg(memarg, 1), 0),
        O::I32AtomicLoad16U { memarg } => Op::Load(arg(memarg, 2), 0),
        O::I64AtomicLoad8U { memarg } => Op::Load(arg(memarg, 1), 0),
        O::I64AtomicLoad16U { memarg } => Op::Load(arg(memarg, 2), 0),
        O::I64AtomicLoad32U { memarg } => Op::Load(arg(memarg, 4), 0),
        O::F32Load { memarg } => Op::LoadOther(arg(memarg, 4)),
        O::F64Load { memarg } => Op::LoadOther(arg(memarg, 8)),
        O::V128Load { memarg } => Op::LoadOther(arg(memarg, 16)),
        O::I32Store { memarg } => Op::Store(arg(memarg, 4)),
        O::I64Store { memarg } => Op::Store(arg(memarg, 8)),
        O::I32Store8 { memarg } => Op::StoreLow(arg(memarg, 1)),
        O::I32Store16 { memarg } => Op::StoreLow(arg(memarg, 2)),
        O::I64Store8 { memarg } => Op::StoreLow(arg(memarg, 1)),
        O::I64Store16 { memarg } => Op::StoreLow(arg(memarg, 2)),
        O::I64Store32 { memarg } => Op::StoreLow(arg(memarg, 4)),
        O::I32AtomicStore { memarg } => Op::Store(arg(memarg, 4)),
        O::I64AtomicStore { memarg } => Op::Store(arg(memarg, 8)),
        O::I32AtomicStore8 { memarg } => Op::StoreLow(arg(memarg, 1)),
        O::I32AtomicStore16 { memarg } => Op::StoreLow(arg(memarg, 2)),
        O::I64AtomicStore8 { memarg } => Op::StoreLow(arg(memarg, 1)),
        O::I64AtomicStore16 { memarg } => Op::StoreLow(arg(memarg, 2)),
        O::I64AtomicStore32 { memarg } => Op::StoreLow(arg(memarg, 4)),
        O::F32Store { memarg } => Op::StoreOther(arg(memarg, 4)),
        O::F64Store { memarg } => Op::StoreOther(arg(memarg, 8)),
        O::V128Store { memarg } => Op::StoreOther(arg(memarg, 16)),
        O::V128Store8Lane { memarg, .. } => Op::StoreOther(arg(memarg, 1)),
        O::V128Store16Lane { memarg, .. } => Op::StoreOther(arg(memarg, 2)),
        O::V128Store32Lane { memarg, .. } => Op::StoreOther(arg(memarg, 4)),
        O::V128Store64Lane { memarg, .. } => Op::StoreOther(arg(memarg, 8)),
        O::I32AtomicRmwAdd { memarg } => Op::AtomicRmw(arg(memarg, 4), Rmw::Add),
        O::I32AtomicRmwSub { memarg } => Op::AtomicRmw(arg(memarg, 4), Rmw::Sub),
        O::I32AtomicRmwAnd { memarg } => Op::AtomicRmw(arg(memarg, 4), Rmw::And),
        O::I32AtomicRmwOr { memarg } => Op::AtomicRmw(arg(memarg, 4), Rmw::Or),
        O::I32AtomicRmwXor { memarg } => Op::AtomicRmw(arg(memarg, 4), Rmw::Xor),
        O::I32AtomicRmwXchg { memarg } => Op::AtomicRmw(arg(memarg, 4), Rmw::Xchg),
        O::I32AtomicRmwCmpxchg { memarg } => Op::AtomicCmpxchg(arg(memarg, 4)),
        O::I64AtomicRmwAdd { memarg } => Op::AtomicRmw(arg(memarg, 8), Rmw::Add),
        O::I64AtomicRmwSub { memarg } => Op::AtomicRmw(arg(memarg, 8), Rmw::Sub),
        O::I64AtomicRmwAnd { memarg } => Op::AtomicRmw(arg(memarg, 8), Rmw::And),
        O::I64AtomicRmwOr { memarg } => Op::AtomicRmw(arg(memarg, 8), Rmw::Or),
        O::I64AtomicRmwXor { memarg } => Op::AtomicRmw(arg(memarg, 8), Rmw::Xor),
        O::I64AtomicRmwXchg { memarg } => Op::AtomicRmw(arg(memarg, 8), Rmw::Xchg),
        O::I64AtomicRmwCmpxchg { memarg } => Op::AtomicCmpxchg(arg(memarg, 8)),
        O::I32AtomicRmw8AddU { memarg } => Op::AtomicRmw(arg(memarg, 1), Rmw::Add),
        O::I32AtomicRmw8SubU { memarg } => Op::AtomicRmw(arg(memarg, 1), Rmw::Sub),
        O::I32AtomicRmw8AndU { memarg } => Op::AtomicRmw(arg(memarg, 1), Rmw::And),
        O::I32AtomicRmw8OrU { memarg } => Op::AtomicRmw(arg(memarg, 1), Rmw::Or),
        O::I32AtomicRmw8XorU { memarg } => Op::AtomicRmw(arg(memarg, 1), Rmw::Xor),
        O::I32AtomicRmw8XchgU { memarg } => Op::AtomicRmw(arg(memarg, 1), Rmw::Xchg),
        O::I32AtomicRmw8CmpxchgU { memarg } => Op::AtomicCmpxchg(arg(memarg, 1)),
        O::I32AtomicRmw16AddU { memarg } => Op::AtomicRmw(arg(memarg, 2), Rmw::Add),
        O::I32AtomicRmw16SubU { memarg } => Op::AtomicRmw(arg(memarg, 2), Rmw::Sub),
        O::I32AtomicRmw16AndU { memarg } => Op::AtomicRmw(arg(memarg, 2), Rmw::And),
        O::I32AtomicRmw16OrU { memarg } => Op::AtomicRmw(arg(memarg, 2), Rmw::Or),
        O::I32AtomicRmw16XorU { memarg } => Op::AtomicRmw(arg(memarg, 2), Rmw::Xor),
        O::I32AtomicRmw16XchgU { memarg } => Op::AtomicRmw(arg(memarg, 2), Rmw::Xchg),
        O::I32AtomicRmw16CmpxchgU { memarg } => Op::AtomicCmpxchg(arg(memarg, 2)),
        O::I64AtomicRmw8AddU { memarg } => Op::AtomicRmw(arg(memarg, 1), Rmw::Add),
        O::I64AtomicRmw8SubU { memarg } => Op::AtomicRmw(arg(memarg, 1), Rmw::Sub),
        O::I64AtomicRmw8AndU { memarg } => Op::AtomicRmw(arg(memarg, 1), Rmw::And),
        O::I64AtomicRmw8OrU { memarg } => Op::AtomicRmw(arg(memarg, 1), Rmw::Or),
        O::I64AtomicRmw8XorU { memarg } => Op::AtomicRmw(arg(memarg, 1), Rmw::Xor),
        O::I64AtomicRmw8XchgU { memarg } => Op::AtomicRmw(arg(memarg, 1), Rmw::Xchg),
        O::I64AtomicRmw8CmpxchgU { memarg } => Op::AtomicCmpxchg(arg(memarg, 1)),
        O::I64AtomicRmw16AddU { memarg } => Op::AtomicRmw(arg(memarg, 2), Rmw::Add),
        O::I64AtomicRmw16SubU { memarg } => Op::AtomicRmw(arg(memarg, 2), Rmw::Sub),
        O::I64AtomicRmw16AndU { memarg } => Op::AtomicRmw(arg(memarg, 2), Rmw::And),
        O::I64AtomicRmw16OrU { memarg } => Op::AtomicRmw(arg(memarg, 2), Rmw::Or),
        O::I64AtomicRmw16XorU { memarg } => Op::AtomicRmw(arg(memarg, 2), Rmw::Xor),
        O::I64AtomicRmw16XchgU { memarg } => Op::AtomicRmw(arg(memarg, 2), Rmw::Xchg),
        O::I64AtomicRmw16CmpxchgU { memarg } => Op::AtomicCmpxchg(arg(memarg, 2)),
        O::I64AtomicRmw32AddU { memarg } => Op::AtomicRmw(arg(memarg, 4), Rmw::Add),
        O::I64AtomicRmw32SubU { memarg } => Op::AtomicRmw(arg(memarg, 4), Rmw::Sub),
        O::I64AtomicRmw32AndU { memarg } => Op::AtomicRmw(arg(memarg, 4), Rmw::And),
        O::I64AtomicRmw32OrU { memarg } => Op::AtomicRmw(arg(memarg, 4), Rmw::Or),
        O::I64AtomicRmw32XorU { memarg } => Op::AtomicRmw(arg(memarg, 4), Rmw::Xor),
        O::I64AtomicRmw32XchgU { memarg } => Op::AtomicRmw(arg(memarg, 4), Rmw::Xchg),
        O::I64AtomicRmw32CmpxchgU { memarg } => Op::AtomicCmpxchg(arg(memarg, 4)),
        O::MemoryInit { data_index, mem } => Op::MemoryInit(Idx::new(*mem), *data_index),
        O::MemoryCopy { dst_mem, src_mem } => {
            Op::MemoryCopy(Idx::new(*dst_mem), Idx::new(*src_mem))
        }
        O::MemoryFill { mem } => Op::MemoryFill(Idx::new(*mem)),
        O::TableSet { .. } => Op::TableWrite(2, 0),
        O::TableGrow { .. } => Op::TableWrite(2, 1),
        O::TableInit { .. } | O::TableCopy { .. } | O::TableFill { .. } => Op::TableWrite(3, 0),
        operator => return rest(operator, module),
    })
}

macro_rules! same_name {
    ($operator:expr, $other:expr; unary $($unary:ident)*; binary $($binary:ident)*) => {
        match $operator {
            $(O::$unary => Ok(Op::Unary(Unary::$unary)),)*
            $(O::$binary => Ok(Op::Binary(Binary::$binary)),)*
            _ => $other,
        }
    };
}

fn rest(operator: &Operator<'_>, module: &CoreModule<'_>) -> Result<Op, &'static str> {
    same_name! {
        operator, other(operator, module);
        unary
        I32Eqz I64Eqz I32Clz I32Ctz I32Popcnt I64Clz I64Ctz I64Popcnt I32WrapI64 I64ExtendI32S
        I64ExtendI32U I32Extend8S I32Extend16S I64Extend8S I64Extend16S I64Extend32S;
        binary
        I32Eq I32Ne I32LtS I32LtU I32GtS I32GtU I32LeS I32LeU I32GeS I32GeU I32Add I32Sub
        I32Mul I32DivS I32DivU I32RemS I32RemU I32And I32Or I32Xor I32Shl I32ShrS I32ShrU
        I32Rotl I32Rotr I64Eq I64Ne I64LtS I64LtU I64GtS I64GtU I64LeS I64LeU I64GeS I64GeU
        I64Add I64Sub I64Mul I64DivS I64DivU I64RemS I64RemU I64And I64Or I64Xor I64Shl I64ShrS
        I64ShrU I64Rotl I64Rotr
    }
}

fn other(operator: &Operator<'_>, module: &CoreModule<'_>) -> Result<Op, &'static str> {
    match operator {
        O::TryTable { .. }
        | O::Try { .. }
        | O::Catch { .. }
        | O::CatchAll
        | O::Delegate { .. }
        | O::Rethrow { .. } => Err("it catches exceptions"),
        O::BrOnNull { .. }
        | O::BrOnNonNull { .. }
        | O::BrOnCast { .. }
        | O::BrOnCastFail { .. }
        | O::BrOnCastDescEq { .. }
        | O::BrOnCastDescEqFail { .. } => Err("it branches on references"),
        operator if writes_shared(operator) => Err("it writes shared globals or tables"),
        operator => match operator.operator_arity(&Arity(module)) {
            Some((params, results)) => Ok(Op::Other(params, results)),
            None => Err("it uses operators that the analysis does not model"),
        },
    }
}

/// What wasmparser needs to know of a module to tell how many values an operator takes and gives.
/// Types that are no functions are not kept, so operators on them have no arity here.
struct Arity<'m, 'a>(&'m CoreModule<'a>);

impl ModuleArity for Arity<'_, '_> {
    fn sub_type_at(&self, _: u32) -> Option<&wasmparser::SubType> {
        None
    }
    fn tag_type_arity(&self, at: u32) -> Option<(u32, u32)> {
        let ty = self.0.tags.get(Idx::new(at))?;
        func_arity(self.0, ty.raw()).ok()
    }
    fn type_index_of_function(&self, function: u32) -> Option<u32> {
        self.0.functions.get(Idx::new(function)).map(|function| function.ty.raw())
    }
    fn func_type_of_cont_type(&self, _: &wasmparser::ContType) -> Option<&wasmparser::FuncType> {
        None
    }
    fn sub_type_of_ref_type(&self, _: &wasmparser::RefType) -> Option<&wasmparser::SubType> {
        None
    }
    fn control_stack_height(&self) -> u32 {
        0
    }
    fn label_block(&self, _: u32) -> Option<(BlockType, wasmparser::FrameKind)> {
        None
    }
}
