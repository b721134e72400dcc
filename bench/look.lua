-- wrk's script: asks for one address again and again, as one person after another, and prints the figures as one line of JSON.
-- The environment's BENCH_WHO names a file with one person a line: the header that shows who they are.
local who, at = {}, 0
for line in io.lines(os.getenv("BENCH_WHO")) do
  local name, value = line:match("^(.-): (.*)$")
  who[#who + 1] = { [name] = value }
end

function request()
  at = at % #who + 1
  return wrk.format(nil, nil, who[at])
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\nFIGURES {"requests": %d, "seconds": %f, "broken": %d, "refused": %d, "late": %d, "p95": %f}\n',
    summary.requests, summary.duration / 1e6,
    errors.connect + errors.read + errors.write, errors.status, errors.timeout,
    latency:percentile(95) / 1e3))
end
