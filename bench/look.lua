-- wrk's script: asks for one address again and again, and prints the figures as one line of JSON.
function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\nFIGURES {"requests": %d, "seconds": %f, "broken": %d, "refused": %d, "late": %d, "p95": %f}\n',
    summary.requests, summary.duration / 1e6,
    errors.connect + errors.read + errors.write, errors.status, errors.timeout,
    latency:percentile(95) / 1e3))
end
