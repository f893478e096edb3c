// The YAML of tercet.yaml onto the field tables. All errors of a file are collected, so that a person mends them in one
// go.
#include <algorithm>
#include <fstream>
#include <sstream>

#include "app/config.h"
#include "app/config_file.h"
#include "text/yaml/suggest.h"
#include "text/yaml/yaml.h"

namespace tercet::app {

using text::YamlEntry;
using text::YamlKind;
using text::YamlNode;

namespace {

std::string join(const std::string& path, const std::string& key) { return path.empty() ? key : path + "." + key; }

class Loader {
 public:
  explicit Loader(std::vector<ConfigSection> sections) : sections_(std::move(sections)) {}

  void mapping(const YamlNode& node, const std::string& path) {
    if (node.is_null()) return;
    if (node.kind() != YamlKind::kMap)
      return complain(node.error((path.empty() ? "the file" : path) + " must be a mapping of keys to values"));
    for (const YamlEntry& entry : node.entries()) key(entry, path);
  }
  std::vector<std::string> take() { return std::move(errors_); }

 private:
  void key(const YamlEntry& entry, const std::string& path) {
    const std::string full = join(path, entry.key);
    if (const auto later = reserved_key(full); !later.empty())
      return complain(entry.key_error(full + " " + std::string(later)));
    if (section(full) != nullptr) return mapping(entry.value, full);
    const ConfigSection* here = section(path);
    for (const ConfigField& field : here->fields) {
      if (field.name == entry.key) return value(field, entry.value, full);
    }
    unknown(entry, path, *here);
  }

  void value(const ConfigField& field, const YamlNode& node, const std::string& full) {
    if (node.kind() != YamlKind::kScalar) return complain(node.error(full + " takes a single value"));
    // A number in quotes is a string, and a bare word for a string field is what people write.
    if (auto set = field.set(node.text()); !set) complain(node.error(full + ": " + set.error().message()));
  }

  void unknown(const YamlEntry& entry, const std::string& path, const ConfigSection& here) {
    std::vector<std::string> names;
    for (const ConfigField& field : here.fields) names.emplace_back(field.name);
    for (const ConfigSection& s : sections_) {
      const size_t dot = s.path.rfind('.');
      const std::string parent = dot == std::string::npos ? "" : s.path.substr(0, dot);
      if (!s.path.empty() && parent == path) names.push_back(s.path.substr(dot == std::string::npos ? 0 : dot + 1));
    }
    const std::vector<std::string_view> views(names.begin(), names.end());
    std::string message = "unknown key \"" + entry.key + "\"" + (path.empty() ? "" : " in " + path);
    if (const auto nearest = text::suggest(entry.key, views)) {
      message += "; did you mean \"" + std::string(*nearest) + "\"?";
    } else {
      std::sort(names.begin(), names.end());
      message += "; known are";
      for (const std::string& name : names) message += " " + name;
    }
    complain(entry.key_error(message));
  }

  const ConfigSection* section(const std::string& path) const {
    const auto it =
        std::find_if(sections_.begin(), sections_.end(), [&](const ConfigSection& s) { return s.path == path; });
    return it == sections_.end() ? nullptr : &*it;
  }
  void complain(const Error& error) { errors_.push_back(error.message()); }

  std::vector<ConfigSection> sections_;
  std::vector<std::string> errors_;
};

}  // namespace

std::vector<std::string> load_config(std::string_view yaml, std::string_view file, AppConfig& config) {
  const auto root = text::parse_yaml(yaml, file);
  if (!root) return {root.error().message()};
  if (const YamlNode* profile = root->find("profile")) {
    if (auto applied = config.apply_profile(profile->text()); !applied)
      return {profile->error(applied.error().message()).message()};
  }
  if (const YamlNode* server = root->find("server"); server != nullptr && server->kind() == YamlKind::kMap) {
    config.server.otlp_http_by_name = server->find("otlp_http") != nullptr;
  }
  Loader loader(config_sections(config));
  loader.mapping(*root, "");
  std::vector<std::string> errors = loader.take();
  if (errors.empty()) {
    if (auto valid = config.validate(); !valid) errors.push_back(std::string(file) + ": " + valid.error().message());
  }
  return errors;
}

std::vector<std::string> load_config_file(const std::string& file, AppConfig& config) {
  std::ifstream in(file, std::ios::binary);
  std::stringstream bytes;
  if (!in || !(bytes << in.rdbuf())) return {file + ": cannot be read"};
  return load_config(bytes.str(), file, config);
}

}  // namespace tercet::app
