//! Function bodies, each decoded at most once and only when a fact needs it. Operators that the analysis models
//! (integers, memory, globals, control, calls) have a variant of their own; all others keep only their arity.

mod decode;
mod opcodes;
mod thresholds;

use std::sync::OnceLock;

use crate::component::Component;
use crate::component::index_space::{
    CoreModuleId, FuncIdx, GlobalIdx, IndexSpace, MemoryIdx, TableIdx, TypeIdx,
};
use crate::location::Span;

/// A decoded body.
#[derive(Debug, Default)]
pub struct Body {
    /// Number of locals, parameters not counted.
    pub locals: u32,
    /// Number of parameters.
    pub params: u32,
    /// Number of results.
    pub results: u32,
    /// The operators.
    pub code: Vec<Op>,
    /// Offset of each operator in the file, in bytes; the last entry is the end of the body.
    pub offsets: Vec<u32>,
    /// Why the body cannot be executed: it is damaged, and then has no code, or uses operators that the analysis does not
    /// model (exceptions, stack switching).
    pub opaque: Option<&'static str>,
    /// Whether it may grow a memory.
    pub grows_memory: bool,
    /// The constants of its code and their neighbours, sorted, if it has a loop: bounds of loops are among them.
    pub thresholds: Vec<u64>,
}

impl Body {
    /// Whether nothing is known of its code.
    pub fn is_damaged(&self) -> bool {
        self.code.is_empty()
    }

    /// The bytes of the operator at `index`, in the file.
    pub fn span(&self, index: usize) -> Span {
        let at = |i: usize| self.offsets.get(i).copied().map_or(0, u64::from);
        Span::new(at(index), at(index + 1))
    }
}

/// The immediate of a load or store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemArg {
    /// The memory.
    pub memory: MemoryIdx,
    /// Added to the address operand, in bytes.
    pub offset: u64,
    /// Bytes touched: 1, 2, 4, 8 or 16.
    pub width: u8,
}

/// An operator. `end` and `otherwise` are indices into [`Body::code`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Op {
    /// Traps.
    Unreachable,
    /// Does nothing.
    Nop,
    /// A block.
    Block {
        /// Index of the matching `End`.
        end: u32,
        /// Values taken.
        params: u32,
        /// Values given.
        results: u32,
    },
    /// A loop.
    Loop {
        /// Index of the matching `End`.
        end: u32,
        /// Values taken, on entry and by each branch back.
        params: u32,
        /// Values given.
        results: u32,
    },
    /// A conditional.
    If {
        /// Index of the `Else`, or of the `End` where there is none.
        otherwise: u32,
        /// Index of the matching `End`.
        end: u32,
        /// Values taken.
        params: u32,
        /// Values given.
        results: u32,
    },
    /// The second half of a conditional.
    Else,
    /// The end of a block, loop, conditional or function.
    End,
    /// Branches.
    Br(u32),
    /// Branches if the operand is not zero.
    BrIf(u32),
    /// Branches to the label the operand selects; the last one is the default.
    BrTable(Box<[u32]>),
    /// Returns.
    Return,
    /// Calls.
    Call(FuncIdx),
    /// Calls the function in a table's slot.
    CallIndirect(TypeIdx, TableIdx),
    /// Calls and returns.
    ReturnCall(FuncIdx),
    /// Calls what a table holds and returns.
    ReturnCallIndirect(TypeIdx, TableIdx),
    /// Calls a function reference: values taken (reference included) and given.
    CallRef(u32, u32),
    /// Calls a function reference and returns.
    ReturnCallRef,
    /// Throws an exception.
    Throw,
    /// Drops a value.
    Drop,
    /// Chooses between two values.
    Select,
    /// Reads a local.
    LocalGet(u32),
    /// Writes a local.
    LocalSet(u32),
    /// Writes a local and keeps the value.
    LocalTee(u32),
    /// Reads a global.
    GlobalGet(GlobalIdx),
    /// Writes a global.
    GlobalSet(GlobalIdx),
    /// Loads an integer; `sign` is the width in bits to extend the sign to, or 0.
    Load(MemArg, u8),
    /// Loads a float or vector.
    LoadOther(MemArg),
    /// Stores an integer.
    Store(MemArg),
    /// Stores an integer's low bytes.
    StoreLow(MemArg),
    /// Stores a float or vector.
    StoreOther(MemArg),
    /// Reads, computes with the operand, writes; gives the old value.
    AtomicRmw(MemArg, Rmw),
    /// Compares with the expected value and replaces; gives the old value.
    AtomicCmpxchg(MemArg),
    /// `memory.init`: a data segment's bytes.
    MemoryInit(MemoryIdx, u32),
    /// `memory.copy`: to, from.
    MemoryCopy(MemoryIdx, MemoryIdx),
    /// `memory.fill`.
    MemoryFill(MemoryIdx),
    /// An integer constant; an `i32` is zero-extended.
    Const(u64),
    /// An integer operator with one operand.
    Unary(Unary),
    /// An integer operator with two operands.
    Binary(Binary),
    /// Writes or grows a table: values taken and given.
    TableWrite(u32, u32),
    /// Any other operator: values taken and given.
    Other(u32, u32),
    /// A constant of 128 bits, least byte first.
    Vector([u8; 16]),
    /// An operator that moves control or values in a way that is not modelled. It writes no memory.
    Unmodelled,
}

/// What an atomic read-modify-write computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the operators' own names")]
pub enum Rmw {
    Add,
    Sub,
    And,
    Or,
    Xor,
    Xchg,
}

/// Integer operators with one operand, by the names of the core specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the operators' own names")]
pub enum Unary {
    I32Eqz,
    I64Eqz,
    I32Clz,
    I32Ctz,
    I32Popcnt,
    I64Clz,
    I64Ctz,
    I64Popcnt,
    I32WrapI64,
    I64ExtendI32S,
    I64ExtendI32U,
    I32Extend8S,
    I32Extend16S,
    I64Extend8S,
    I64Extend16S,
    I64Extend32S,
}

/// Integer operators with two operands, by the names of the core specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the operators' own names")]
pub enum Binary {
    I32Eq,
    I32Ne,
    I32LtS,
    I32LtU,
    I32GtS,
    I32GtU,
    I32LeS,
    I32LeU,
    I32GeS,
    I32GeU,
    I64Eq,
    I64Ne,
    I64LtS,
    I64LtU,
    I64GtS,
    I64GtU,
    I64LeS,
    I64LeU,
    I64GeS,
    I64GeU,
    I32Add,
    I32Sub,
    I32Mul,
    I32DivS,
    I32DivU,
    I32RemS,
    I32RemU,
    I32And,
    I32Or,
    I32Xor,
    I32Shl,
    I32ShrS,
    I32ShrU,
    I32Rotl,
    I32Rotr,
    I64Add,
    I64Sub,
    I64Mul,
    I64DivS,
    I64DivU,
    I64RemS,
    I64RemU,
    I64And,
    I64Or,
    I64Xor,
    I64Shl,
    I64ShrS,
    I64ShrU,
    I64Rotl,
    I64Rotr,
}

impl Binary {
    /// Whether the result is only 0 or 1.
    pub fn is_comparison(self) -> bool {
        matches!(
            self,
            Binary::I32Eq
                | Binary::I32Ne
                | Binary::I32LtS
                | Binary::I32LtU
                | Binary::I32GtS
                | Binary::I32GtU
                | Binary::I32LeS
                | Binary::I32LeU
                | Binary::I32GeS
                | Binary::I32GeU
                | Binary::I64Eq
                | Binary::I64Ne
                | Binary::I64LtS
                | Binary::I64LtU
                | Binary::I64GtS
                | Binary::I64GtU
                | Binary::I64LeS
                | Binary::I64LeU
                | Binary::I64GeS
                | Binary::I64GeU
        )
    }
}

/// The bodies of a component.
#[derive(Debug)]
pub struct Bodies<'a> {
    component: &'a Component<'a>,
    decoded: IndexSpace<CoreModuleId, IndexSpace<FuncIdx, OnceLock<Body>>>,
}

impl<'a> Bodies<'a> {
    /// Decodes nothing yet.
    pub fn of(component: &'a Component<'a>) -> Self {
        let modules = component.core_modules.iter();
        let decoded = modules.map(|(_, module)| {
            let functions = module.functions.iter();
            functions.map(|_| OnceLock::new()).collect()
        });
        Bodies { component, decoded: decoded.collect() }
    }
}
