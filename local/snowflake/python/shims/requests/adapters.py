class HTTPAdapter:
    def send(self, request, timeout=None):
        return _send(request, timeout)
