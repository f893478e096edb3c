// Result<T>: a value or an Error. TRY(expr) yields the value or returns the error to the caller;
// TRY_CTX(expr, "step") adds the step to the error's context on the way.
#pragma once

#include <expected>
#include <utility>

#include "base/error.h"

namespace tercet {

template <typename T = void>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(Error error) { return std::unexpected<Error>(std::move(error)); }

}  // namespace tercet

// A statement expression (GNU) keeps TRY usable inside an expression: `auto n = TRY(read_varint(in));`
#define TRY(...)                                                               \
  __extension__({                                                              \
    auto try_result_ = (__VA_ARGS__);                                          \
    if (!try_result_) [[unlikely]]                                             \
      return std::unexpected<::tercet::Error>(std::move(try_result_).error()); \
    std::move(try_result_).value();                                            \
  })

#define TRY_CTX(expr, step)                                                                  \
  __extension__({                                                                            \
    auto try_result_ = (expr);                                                               \
    if (!try_result_) [[unlikely]]                                                           \
      return std::unexpected<::tercet::Error>(std::move(try_result_).error().context(step)); \
    std::move(try_result_).value();                                                          \
  })
