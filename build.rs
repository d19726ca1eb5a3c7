//! Compiles `proto/` to Rust, without a `protoc` to install.
//!
//! Two sets, which never mix: the public API (everything below `proto/onduty` but `storage`), with its JSON mapping
//! and the descriptor set that reflection serves; and the store's records, which nobody outside `src/store` sees.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use prost::Message as _;

const ROOT: &str = "proto";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={ROOT}");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let (storage, public): (Vec<PathBuf>, Vec<PathBuf>) =
        protos_below(&Path::new(ROOT).join("onduty"))?.into_iter().partition(|path| is_storage(path));
    public_api(&public, &out)?;
    generate("storage.rs", |code| code.build_client(false).build_server(false), &compile(&storage)?)
}

/// Generates the public API, its JSON mapping and its descriptor set, `onduty.binpb`.
fn public_api(files: &[PathBuf], out: &Path) -> Result<(), Box<dyn Error>> {
    let set = compile(files)?;
    fs::write(out.join("onduty.binpb"), &set)?;
    generate("public.rs", |code| code, &set)?;
    let json = pbjson_build::Builder::new()
        .register_descriptors(&set)?
        .extern_path(".google.protobuf", "::pbjson_types")
        .generate(&[".onduty", ".google.type"], |_| Ok(Vec::new()))?;
    for (package, mapping) in json {
        let path = out.join(format!("{package}.rs"));
        let mut code = fs::read(&path)?;
        code.extend(mapping);
        fs::write(path, code)?;
    }
    Ok(())
}

fn is_storage(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "storage")
}

/// Returns every `.proto` file below `dir`, in order.
fn protos_below(dir: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(protos_below(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "proto") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Returns the encoded descriptor set of `files` and what they import.
fn compile(files: &[PathBuf]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut compiler = protox::Compiler::new([ROOT])?;
    compiler.include_imports(true).include_source_info(true);
    for file in files {
        compiler.open_file(file)?;
    }
    Ok(compiler.encode_file_descriptor_set())
}

/// Generates the Rust code of `set`, a file for each package, and `include`, which nests them as modules.
fn generate(
    include: &str,
    adjust: impl FnOnce(tonic_prost_build::Builder) -> tonic_prost_build::Builder,
    set: &[u8],
) -> Result<(), Box<dyn Error>> {
    let code = tonic_prost_build::configure()
        .extern_path(".google.protobuf", "::pbjson_types")
        .compile_well_known_types(true)
        .bytes(".")
        .include_file(include);
    adjust(code).compile_fds(tonic_prost_build::FileDescriptorSet::decode(set)?)?;
    Ok(())
}
