//! Compiles the protobuf definitions with a pure-Rust compiler: the build needs no protoc.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use protox::prost_reflect::DescriptorPool;

/// The packages below `proto/`, and whether they are public: served, reflected and mapped to JSON.
const PACKAGES: [(&str, bool); 2] = [("onduty/v1", true), ("onduty/storage/v1", false)];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=proto");
    for (package, public) in PACKAGES {
        let root = Path::new("proto");
        let files = proto_files(&root.join(package))?;
        if !files.is_empty() {
            compile(root, &files, public)?;
        }
    }
    Ok(())
}

/// The definitions in one folder, in a stable order; none where there is no such folder.
fn proto_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut files =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "proto"));
    files.sort();
    Ok(files)
}

/// Every method of the public API with what it declares to need, as an expression.
fn needs(pool: &DescriptorPool) -> String {
    let option = pool.get_extension_by_name("onduty.v1.need");
    let values = pool.get_enum_by_name("onduty.v1.Need");
    let mut text = String::from("&[\n");
    for service in pool.services().filter(|service| service.full_name().starts_with("onduty.v1.")) {
        for method in service.methods() {
            let stated = option.as_ref().map(|option| method.options().get_extension(option).into_owned());
            let number = stated.and_then(|value| value.as_enum_number()).unwrap_or_default();
            let value = values.as_ref().and_then(|values| values.get_value(number));
            let name = value.map(|value| value.name().trim_start_matches("NEED_").to_owned()).unwrap_or_default();
            let variant = name.chars().take(1).chain(name.to_lowercase().chars().skip(1)).collect::<String>();
            text += &format!("    (\"/{}/{}\", v1::Need::{variant}),\n", service.full_name(), method.name());
        }
    }
    text + "]\n"
}

fn compile(root: &Path, files: &[PathBuf], public: bool) -> Result<(), Box<dyn Error>> {
    let mut compiler = protox::Compiler::new([root])?;
    compiler.include_imports(true).include_source_info(true);
    for file in files {
        compiler.open_file(file)?;
    }
    let set = compiler.file_descriptor_set();
    // With the options of other packages, which say what is required and what only the server states.
    let bytes = compiler.encode_file_descriptor_set();
    let code =
        tonic_prost_build::configure().extern_path(".google.protobuf", "::pbjson_types").compile_well_known_types(true);
    if public {
        code.bytes(".").compile_fds(set)?;
        pbjson_build::Builder::new().register_descriptors(&bytes)?.build(&[".onduty.v1", ".google.type"])?;
        let out = PathBuf::from(env::var("OUT_DIR")?);
        fs::write(out.join("onduty.v1.binpb"), &bytes)?;
        fs::write(out.join("needs.rs"), needs(&compiler.descriptor_pool()))?;
    } else {
        code.build_client(false).build_server(false).bytes(".").include_file("storage.rs").compile_fds(set)?;
    }
    Ok(())
}
