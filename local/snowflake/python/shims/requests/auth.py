class AuthBase:
    def __call__(self, request):
        raise NotImplementedError
